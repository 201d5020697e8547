"""Questions as authored, and the keys by which they are marked."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import Field

from tp.domain.marking import Rule
from tp.domain.value import Frozen, Indexed, Localized, Marks


class QuestionType(StrEnum):
    SINGLE_CHOICE = "SINGLE_CHOICE"
    MULTIPLE_CHOICE = "MULTIPLE_CHOICE"
    NUMERIC = "NUMERIC"
    TEXT = "TEXT"
    MATRIX_MATCH = "MATRIX_MATCH"
    ORDER = "ORDER"
    ESSAY = "ESSAY"


class Option(Frozen):
    """A choice, a thing to order, or a row or column of a matrix; `id` is unique within its question and
    random, so that it tells nothing of the order in which the author wrote."""

    id: str
    text: Localized


class Tags(Frozen):
    subject: str | None = None
    topic: str | None = None
    difficulty: str | None = None
    labels: tuple[str, ...] = ()


class Passage(Frozen):
    """A text that several questions share."""

    id: str
    title: Localized | None = None
    text: Localized


class ChoiceKey(Frozen):
    """SINGLE_CHOICE: any of `correct` is accepted. MULTIPLE_CHOICE: the response must equal `correct`.

    `weights` (option id to a fraction of full marks, -1 to 1) serve schemes with `Partial.WEIGHTED`.
    """

    kind: Literal["CHOICE"] = "CHOICE"
    correct: tuple[str, ...]
    weights: dict[str, Marks] = {}


class NumericAnswer(Frozen):
    """An inclusive range of decimal texts that earns `fraction` of full marks; a point has `low == high`."""

    low: str
    high: str
    fraction: Marks = Fraction(1)


class NumericKey(Frozen):
    """The first answer whose range holds the number decides."""

    kind: Literal["NUMERIC"] = "NUMERIC"
    answers: tuple[NumericAnswer, ...]


class TextAnswer(Frozen):
    """An accepted text and the fraction of full marks that it earns; `*` stands for any run of characters."""

    text: str
    fraction: Marks = Fraction(1)


class TextKey(Frozen):
    """The first answer that matches after normalising (NFKC, spaces, case unless `case_sensitive`) decides."""

    kind: Literal["TEXT"] = "TEXT"
    answers: tuple[TextAnswer, ...]
    case_sensitive: bool = False


class MatrixKey(Frozen):
    """Row id to the column ids that belong to it."""

    kind: Literal["MATRIX"] = "MATRIX"
    rows: dict[str, tuple[str, ...]]


class OrderKey(Frozen):
    kind: Literal["ORDER"] = "ORDER"
    order: tuple[str, ...]


class EssayKey(Frozen):
    """Graded by hand."""

    kind: Literal["ESSAY"] = "ESSAY"


Key = Annotated[ChoiceKey | NumericKey | TextKey | MatrixKey | OrderKey | EssayKey, Field(discriminator="kind")]

KEY_KINDS: dict[QuestionType, str] = {
    QuestionType.SINGLE_CHOICE: "CHOICE",
    QuestionType.MULTIPLE_CHOICE: "CHOICE",
    QuestionType.NUMERIC: "NUMERIC",
    QuestionType.TEXT: "TEXT",
    QuestionType.MATRIX_MATCH: "MATRIX",
    QuestionType.ORDER: "ORDER",
    QuestionType.ESSAY: "ESSAY",
}


class Content(Indexed):
    """What a student sees of a question.

    `options` serve SINGLE_CHOICE, MULTIPLE_CHOICE and ORDER; `rows` and `columns` serve MATRIX_MATCH.
    """

    type: QuestionType
    text: Localized
    options: tuple[Option, ...] = ()
    rows: tuple[Option, ...] = ()
    columns: tuple[Option, ...] = ()

    @cached_property
    def option_ids(self) -> frozenset[str]:
        return frozenset(option.id for option in self.options)

    @cached_property
    def identity(self) -> object | None:
        """What tells it from all others, also from such that are equal: of one that lasts as long as its paper."""
        return None

    def lasting(self) -> Self:
        """Return itself, with an `identity`: what is made of it can be kept."""
        self.__dict__["identity"] = self.__dict__.get("identity") or object()
        return self


class Question(Frozen):
    """One immutable version of a question in the bank. `key` is `None` while the author has not given one."""

    id: str
    version: int
    title: str | None = None
    content: Content
    key: Key | None = None
    passage_id: str | None = None
    tags: Tags = Tags()
    feedback: Localized | None = None
    rule: Rule | None = None
