"""The parts of one GIFT question: title, stem, answers, and the feedback to all of it."""

from __future__ import annotations

from dataclasses import dataclass

from tp.domain.exchange import limits
from tp.domain.exchange.errors import NotReadable
from tp.domain.exchange.gift.spans import BLANK, Span
from tp.domain.problem import Code

BLANK_TO_FILL = "_____"
_TITLE = "::"
_GENERAL_FEEDBACK = "####"


@dataclass(frozen=True, slots=True)
class Parts:
    """`answers` is `None` for a description: a text without braces."""

    stem: Span
    answers: Span | None = None
    feedback: Span | None = None


def split_title(span: Span) -> tuple[str | None, Span]:
    """Split `::title::` off. Raises NotReadable when it is not closed or too long."""
    if not span.starts(_TITLE):
        return None, span
    title, rest = span.cut(len(_TITLE)).partition(_TITLE)
    if rest is None:
        raise NotReadable(Code.SYNTAX, span.at, "the title opened by :: is not closed by ::")
    text = " ".join(title.text().split())
    if len(text) > limits.TITLE:
        raise NotReadable(Code.TOO_LARGE, title.at, f"the title is longer than {limits.TITLE} characters")
    return text or None, rest.strip()


def split_answers(span: Span) -> Parts:
    """Cut a question at its braces; what follows them makes the stem a sentence with a blank in it.

    Raises NotReadable for braces that are not one pair.
    """
    opened, closed = span.find("{"), span.find("}")
    if opened < 0 and closed < 0:
        return Parts(span)
    if closed >= 0 and (opened < 0 or closed < opened):
        raise NotReadable(Code.SYNTAX, span.at + closed, "a } has no { before it; in a text, write \\}")
    if closed < 0:
        raise NotReadable(Code.SYNTAX, span.at + opened, "the { is not closed before the question's end")
    inner = span.cut(opened + 1, closed)
    tail = span.cut(closed + 1)
    _refuse_braces(inner, "a { stands inside the answers; in a text, write \\{")
    message = "a second pair of braces; leave an empty line between questions and, in a text, write \\{ and \\}"
    _refuse_braces(tail, message)
    answers, feedback = _split_feedback(inner)
    return Parts(_with_blank(span.cut(0, opened), tail), answers.strip(), feedback)


def _refuse_braces(span: Span, message: str) -> None:
    found = [at for at in (span.find("{"), span.find("}")) if at >= 0]
    if found:
        raise NotReadable(Code.SYNTAX, span.at + min(found), message)


def _split_feedback(inner: Span) -> tuple[Span, Span | None]:
    at = inner.shielded.rfind(_GENERAL_FEEDBACK)
    if at < 0:
        return inner, None
    feedback = inner.cut(at + len(_GENERAL_FEEDBACK)).strip()
    return inner.cut(0, at), feedback or None


def _with_blank(head: Span, tail: Span) -> Span:
    if not tail.shielded.strip(BLANK):
        return head
    return Span(head.shielded + BLANK_TO_FILL + tail.shielded, head.at)
