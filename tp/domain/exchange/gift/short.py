"""Texts that are accepted: `{=no one =%50%nobody}`, or one alone without a sign."""

from __future__ import annotations

from tp.domain.exchange.gift.answered import Answered
from tp.domain.exchange.gift.scribe import Scribe
from tp.domain.exchange.gift.spans import Span
from tp.domain.exchange.gift.weights import check_count, check_credit, credited
from tp.domain.question import QuestionType, TextAnswer, TextKey


def short(pieces: list[Span], scribe: Scribe) -> Answered:
    """Read accepted texts, in their order: the first that matches decides, so `=%0%*` at the end is kept."""
    check_count(len(pieces), pieces[0].at)
    answers = [_answer(piece, number, scribe) for number, piece in enumerate(pieces, start=1)]
    check_credit(scribe, [answer.fraction for answer in answers], pieces[0].at)
    return Answered(QuestionType.TEXT, TextKey(answers=tuple(answers)))


def _answer(piece: Span, number: int, scribe: Scribe) -> TextAnswer:
    what = f"answer {number}"
    text, feedback = piece.partition("#")
    fraction, text = credited(text)
    scribe.feedback(feedback, what)
    return TextAnswer(text=scribe.compared(text, what), fraction=fraction)
