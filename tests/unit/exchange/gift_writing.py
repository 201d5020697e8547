"""A writer of GIFT for the tests: what it writes, the reader must read back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Choices:
    """Text, whether it has an `=`, and its percentage."""

    choices: list[tuple[str, bool, int | None]]


@dataclass(frozen=True)
class Texts:
    answers: list[tuple[str, int | None]]


@dataclass(frozen=True)
class Numbers:
    ranges: list[tuple[str, str, int | None]]


@dataclass(frozen=True)
class Pairs:
    pairs: list[tuple[str, str]]


@dataclass(frozen=True)
class Truth:
    true: bool


@dataclass(frozen=True)
class Essay:
    pass


Answers = Choices | Texts | Numbers | Pairs | Truth | Essay


@dataclass(frozen=True)
class Written:
    title: str | None
    stem: str
    answers: Answers
    feedback: str | None
    external_id: str | None
    labels: tuple[str, ...]


def escaped(text: str) -> str:
    return re.sub(r"[\\~=#{}:]", r"\\\g<0>", text).replace("\n", "\\n")


def percent(weight: int | None) -> str:
    return "" if weight is None else f"%{weight}%"


def fraction(weight: int | None, *, otherwise: int) -> Fraction:
    return Fraction(otherwise) if weight is None else Fraction(weight, 100)


def written(question: Written) -> str:
    """Render one question, its stem as `[markdown]`, which keeps every line end."""
    marks = [f"[id:{question.external_id}]"] if question.external_id else []
    marks += [f"[tag:{label}]" for label in question.labels]
    comment = f"// {' '.join(marks)}\n" if marks else ""
    title = "" if question.title is None else f"::{escaped(question.title)}::"
    feedback = "" if question.feedback is None else f"\n####{escaped(question.feedback)}"
    return f"{comment}{title}[markdown]{escaped(question.stem)}{{{_answers(question.answers)}{feedback}}}\n"


def _answers(answers: Answers) -> str:
    match answers:
        case Choices(choices):
            return "".join(f"\n{'=' if right else '~'}{percent(w)}{escaped(text)}" for text, right, w in choices)
        case Texts(found):
            return "".join(f"\n={percent(weight)}{escaped(text)}" for text, weight in found)
        case Numbers(ranges):
            return "#" + "".join(f"\n={percent(weight)}{low}..{high}" for low, high, weight in ranges)
        case Pairs(pairs):
            return "".join(f"\n={escaped(left)} -> {escaped(right)}" for left, right in pairs)
        case Truth(true):
            return "TRUE" if true else "FALSE"
        case Essay():
            return ""
