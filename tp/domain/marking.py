"""How a response earns marks. A scheme is data; `grading` applies it."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction

from tp.domain.value import Frozen, Marks


class Partial(StrEnum):
    """What an answer earns that is neither fully right nor wrong."""

    NONE = "NONE"
    PER_OPTION = "PER_OPTION"
    """Chosen options all in the key, but not all of the key: `per_option` for each (JEE Advanced)."""
    WEIGHTED = "WEIGHTED"
    """The key's fractions of full marks (GIFT percentages), the sum clipped to 0…1."""
    PER_ROW = "PER_ROW"
    """Each row of a matrix earns its share of full marks."""


class Rounding(StrEnum):
    """What is done to the number that the student typed before it is compared with the key."""

    NONE = "NONE"
    HALF_UP = "HALF_UP"
    TRUNCATE = "TRUNCATE"


class Rule(Frozen):
    """Marks for one question. `places` are the decimals kept by `rounding`."""

    correct: Marks
    wrong: Marks = Fraction(0)
    unanswered: Marks = Fraction(0)
    partial: Partial = Partial.NONE
    per_option: Marks = Fraction(1)
    rounding: Rounding = Rounding.NONE
    places: int = 0


class Scheme(Frozen):
    """A rule for every question type (by the type's name), `default` for the rest."""

    name: str
    default: Rule
    rules: dict[str, Rule] = {}
