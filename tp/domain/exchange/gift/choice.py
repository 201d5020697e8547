"""Choices: `~wrong =right`, `~%50%half ~%50%half`, and `{T}`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from tp.domain.exchange.errors import NotReadable
from tp.domain.exchange.gift.answered import Answered
from tp.domain.exchange.gift.scribe import Scribe
from tp.domain.exchange.gift.spans import Span
from tp.domain.exchange.gift.weights import check_count, weighted
from tp.domain.exchange.imported import LossCode
from tp.domain.marking import Partial
from tp.domain.problem import Code
from tp.domain.question import ChoiceKey, Option, QuestionType

_MARKS = re.compile("[~=]")
_OPEN_TAG = re.compile(r"<[A-Za-z][^<>]*+\Z")
_ROUNDING = Fraction(1, 1000)


@dataclass(frozen=True, slots=True)
class _Choice:
    option: Option
    weight: Fraction


def multiple_choice(span: Span, scribe: Scribe) -> Answered:
    """Read choices.

    One `=` makes it a single choice, in which each `=` is accepted and weights give partial credit. Without one,
    several may be chosen and those with a positive weight are right.
    """
    pieces = [piece for piece in span.split_before(_MARKS) if piece.strip()]
    if not _MARKS.match(pieces[0].shielded):
        raise NotReadable(Code.SYNTAX, pieces[0].at, "the choices begin with a text that no ~ or = introduces")
    check_count(len(pieces), span.at)
    if len(pieces) < 2:
        raise NotReadable(Code.INVALID, span.at, "a choice needs at least two options")
    _refuse_cut_attributes(pieces)
    choices = [_choice(piece, number, scribe) for number, piece in enumerate(pieces, start=1)]
    if any(piece.starts("=") for piece in pieces):
        return _single(choices, span, scribe)
    return _several(choices, span, scribe)


def true_or_false(truth: bool, feedback: Span | None, scribe: Scribe) -> Answered:
    """Read `{T}`; the feedbacks after it, to a wrong and a right answer, are noted as lost."""
    if feedback is not None:
        wrong, right = feedback.partition("#")
        scribe.feedback(wrong, "a wrong answer")
        scribe.feedback(right, "a right answer")
    options = tuple(Option(id=scribe.new_option_id(), text={scribe.language: text}) for text in ("True", "False"))
    right_one = options[0] if truth else options[1]
    return Answered(QuestionType.SINGLE_CHOICE, ChoiceKey(correct=(right_one.id,)), options)


def _refuse_cut_attributes(pieces: list[Span]) -> None:
    """`<p class="x">` without `\\=` would be cut into two choices without a word."""
    for before, after in pairwise(pieces):
        if after.shielded[1:2] in ('"', "'") and _OPEN_TAG.search(before.shielded):
            raise NotReadable(Code.SYNTAX, after.at, "an = in an HTML attribute is written \\=")


def _choice(piece: Span, number: int, scribe: Scribe) -> _Choice:
    what = f"choice {number}"
    text, feedback = piece.cut(1).partition("#")
    weight, text = weighted(text)
    if weight is None:
        weight = Fraction(1 if piece.starts("=") else 0)
    scribe.feedback(feedback, what)
    return _Choice(scribe.option(text, what), weight)


def _single(choices: list[_Choice], span: Span, scribe: Scribe) -> Answered:
    correct = tuple(choice.option.id for choice in choices if choice.weight == 1)
    if not correct:
        raise NotReadable(Code.NO_KEY, span.at, "no choice is worth 100 %")
    partial = any(choice.weight not in (0, 1) for choice in choices)
    key = ChoiceKey(correct=correct, weights=_weights(choices) if partial else {})
    return _answered(QuestionType.SINGLE_CHOICE, key, choices)


def _several(choices: list[_Choice], span: Span, scribe: Scribe) -> Answered:
    correct = tuple(choice.option.id for choice in choices if choice.weight > 0)
    if not correct:
        raise NotReadable(Code.NO_KEY, span.at, "no choice is marked right by = or by a percentage")
    total = sum((choice.weight for choice in choices if choice.weight > 0), Fraction(0))
    if abs(total - 1) > _ROUNDING:
        message = f"the right choices are worth {float(total * 100):g} % together, not 100 %"
        scribe.lose(span.at, LossCode.WEIGHTS, message)
    return _answered(QuestionType.MULTIPLE_CHOICE, ChoiceKey(correct=correct, weights=_weights(choices)), choices)


def _weights(choices: list[_Choice]) -> dict[str, Fraction]:
    return {choice.option.id: choice.weight for choice in choices if choice.weight}


def _answered(kind: QuestionType, key: ChoiceKey, choices: list[_Choice]) -> Answered:
    partial = Partial.WEIGHTED if key.weights else Partial.NONE
    return Answered(kind, key, tuple(choice.option for choice in choices), partial=partial)
