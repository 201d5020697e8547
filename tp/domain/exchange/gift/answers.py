"""What stands between the braces, told apart as Moodle does: by its control signs."""

from __future__ import annotations

import re

from tp.domain.exchange.errors import NotReadable
from tp.domain.exchange.gift.answered import Answered
from tp.domain.exchange.gift.choice import multiple_choice, true_or_false
from tp.domain.exchange.gift.matching import matching
from tp.domain.exchange.gift.numeric import numeric
from tp.domain.exchange.gift.scribe import Scribe
from tp.domain.exchange.gift.short import short
from tp.domain.exchange.gift.spans import Span
from tp.domain.problem import Code
from tp.domain.question import EssayKey, QuestionType

_EQUALS = re.compile("=")
_TRUTH = {"T": True, "TRUE": True, "F": False, "FALSE": False}


def answered(span: Span, scribe: Scribe) -> Answered:
    """Read the answers. Raises NotReadable.

    Nothing is an essay, `#` opens a number, `~` marks a choice, `=…->` a match; the rest is truth or texts.
    """
    if not span:
        return Answered(QuestionType.ESSAY, EssayKey())
    if span.starts("#"):
        return numeric(span.cut(1).strip(), scribe)
    if span.find("~") >= 0:
        return multiple_choice(span, scribe)
    pieces = span.split_before(_EQUALS)
    if any(piece.partition("#")[0].find("->") >= 0 for piece in pieces[1:]):
        return matching(_after_marks(pieces), scribe)
    first, rest = span.partition("#")
    truth = _TRUTH.get(first.text().strip().upper())
    if truth is not None:
        return true_or_false(truth, rest, scribe)
    if len(pieces) == 1:
        return short([span], scribe)
    return short(_after_marks(pieces), scribe)


def _after_marks(pieces: list[Span]) -> list[Span]:
    """Drop the leading `=` of each answer, and refuse a text that no `=` introduces."""
    first = pieces[0].strip()
    if first:
        raise NotReadable(Code.SYNTAX, first.at, "the answers begin with a text that no = introduces")
    return [piece.cut(1) for piece in pieces[1:]]
