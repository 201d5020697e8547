"""Numbers: `{#3}`, `{#3:0.1}`, `{#1..5}`, `{#=1822:0 =%50%1822:2}`."""

from __future__ import annotations

import re
from decimal import Decimal

from tp.domain.exchange.errors import NotReadable
from tp.domain.exchange.gift.answered import Answered
from tp.domain.exchange.gift.scribe import Scribe
from tp.domain.exchange.gift.spans import Span
from tp.domain.exchange.gift.weights import check_count, check_credit, credited
from tp.domain.exchange.numbers import as_text, difference, exact, total
from tp.domain.problem import Code
from tp.domain.question import NumericAnswer, NumericKey, QuestionType

_EQUALS = re.compile("=")


def numeric(span: Span, scribe: Scribe) -> Answered:
    """Read accepted numbers, in their order. `~#…` at the end, feedback to any other number, is noted as lost."""
    span, wrong = span.partition("~")
    if wrong is not None:
        text, feedback = wrong.partition("#")
        if text.strip():
            raise NotReadable(Code.SYNTAX, text.at, "a number is introduced by =, not by ~")
        scribe.feedback(feedback, "a wrong number")
    first, *rest = span.split_before(_EQUALS)
    if rest and first.strip():
        raise NotReadable(Code.SYNTAX, first.at, "the numbers begin with a text that no = introduces")
    pieces = [piece.cut(1) for piece in rest] or [first]
    check_count(len(pieces), span.at)
    found = [_answer(piece, number, scribe) for number, piece in enumerate(pieces, start=1)]
    answers = [answer for answer in found if answer is not None]
    check_credit(scribe, [answer.fraction for answer in answers], span.at)
    return Answered(QuestionType.NUMERIC, NumericKey(answers=tuple(answers)))


def _answer(piece: Span, number: int, scribe: Scribe) -> NumericAnswer | None:
    """Read one number; `*`, which stands for any other and earns nothing, gives none."""
    text, feedback = piece.partition("#")
    fraction, text = credited(text)
    scribe.feedback(feedback, f"number {number}")
    written = " ".join(text.text().split())
    if written == "*":
        if fraction:
            raise NotReadable(Code.UNSUPPORTED, piece.at, "any number at all cannot earn marks")
        return None
    low, high = _range(written, text)
    return NumericAnswer(low=low, high=high, fraction=fraction)


def _range(written: str, span: Span) -> tuple[str, str]:
    if ".." in written:
        low, _, high = written.partition("..")
        least, most = _number(low, span), _number(high, span)
        if least > most:
            raise NotReadable(Code.INVALID, span.at, f"the range {written} ends before it begins")
        return as_text(least), as_text(most)
    middle, colon, margin = written.partition(":")
    value = _number(middle, span)
    tolerance = _number(margin, span) if colon else Decimal(0)
    if tolerance < 0:
        raise NotReadable(Code.INVALID, span.at, "the tolerance is negative")
    if not tolerance:
        return as_text(value), as_text(value)
    return as_text(difference(value, tolerance)), as_text(total(value, tolerance))


def _number(text: str, span: Span) -> Decimal:
    number = exact(text)
    if number is None:
        raise NotReadable(Code.INVALID, span.at, f"“{text.strip()[:40]}” is not a number")
    return number
