"""Marking presets: the schemes of well-known examinations, as data.

Sources: the information bulletins of JEE (Main) 2025, JEE (Advanced), NEET (UG) 2025 and GATE. Where a rule
belongs to one year's bulletin the preset's name keeps the year.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType

from tp.domain.marking import Partial, Rounding, Rule, Scheme
from tp.domain.question import QuestionType

JEE_MAIN_2025 = Scheme(
    name="JEE_MAIN_2025",
    default=Rule(correct=Fraction(4), wrong=Fraction(-1)),
    rules={
        QuestionType.NUMERIC: Rule(correct=Fraction(4), wrong=Fraction(-1), rounding=Rounding.HALF_UP, places=0)
    },
)
"""+4 / −1 / 0; a decimal answer is rounded to the nearest integer."""

JEE_ADVANCED_MULTIPLE = Scheme(
    name="JEE_ADVANCED_MULTIPLE",
    default=Rule(correct=Fraction(4), wrong=Fraction(-2)),
    rules={
        QuestionType.MULTIPLE_CHOICE: Rule(correct=Fraction(4), wrong=Fraction(-2), partial=Partial.PER_OPTION)
    },
)
"""+4 for all of the key, +1 for each option chosen when all chosen are in the key, else −2."""

JEE_ADVANCED_SINGLE = Scheme(
    name="JEE_ADVANCED_SINGLE",
    default=Rule(correct=Fraction(3), wrong=Fraction(-1)),
)
"""+3 / −1 / 0."""

JEE_ADVANCED_NUMERIC = Scheme(
    name="JEE_ADVANCED_NUMERIC",
    default=Rule(correct=Fraction(4)),
    rules={QuestionType.NUMERIC: Rule(correct=Fraction(4), rounding=Rounding.HALF_UP, places=2)},
)
"""+4 / 0; a longer decimal is rounded to two places. A key that should also accept the truncated value is a
range. Questions of 3 marks say so by their own `marks`."""

NEET_2025 = Scheme(
    name="NEET_2025",
    default=Rule(correct=Fraction(4), wrong=Fraction(-1)),
)
"""+4 / −1 / 0."""

GATE = Scheme(
    name="GATE",
    default=Rule(correct=Fraction(1)),
    rules={QuestionType.SINGLE_CHOICE: Rule(correct=Fraction(1), wrong=Fraction(-1, 3))},
)
"""1 / −1/3 / 0 for single choice, 1 / 0 for the rest; a question of 2 marks scales this to 2 / −2/3."""

PLAIN = Scheme(
    name="PLAIN",
    default=Rule(correct=Fraction(1), partial=Partial.WEIGHTED),
    rules={QuestionType.MATRIX_MATCH: Rule(correct=Fraction(1), partial=Partial.PER_ROW)},
)
"""1 / 0 / 0; the key's fractions count where it has them, and a matrix counts row by row."""

PRESETS: Mapping[str, Scheme] = MappingProxyType(
    {
        scheme.name: scheme
        for scheme in (
            JEE_MAIN_2025,
            JEE_ADVANCED_MULTIPLE,
            JEE_ADVANCED_SINGLE,
            JEE_ADVANCED_NUMERIC,
            NEET_2025,
            GATE,
            PLAIN,
        )
    }
)
"""Every preset by its name."""
