"""What the answers of one question give."""

from __future__ import annotations

from dataclasses import dataclass

from tp.domain.marking import Partial
from tp.domain.question import Key, Option, QuestionType


@dataclass(frozen=True, slots=True)
class Answered:
    type: QuestionType
    key: Key
    options: tuple[Option, ...] = ()
    rows: tuple[Option, ...] = ()
    columns: tuple[Option, ...] = ()
    partial: Partial = Partial.NONE
