"""Pairs: `{=left -> right =left -> right = -> a right side that belongs to none}`."""

from __future__ import annotations

from tp.domain.exchange.errors import NotReadable
from tp.domain.exchange.gift.answered import Answered
from tp.domain.exchange.gift.scribe import Scribe
from tp.domain.exchange.gift.spans import Span
from tp.domain.exchange.gift.weights import check_count
from tp.domain.exchange.markup import TextFormat
from tp.domain.marking import Partial
from tp.domain.problem import Code
from tp.domain.question import MatrixKey, Option, QuestionType


def matching(pieces: list[Span], scribe: Scribe) -> Answered:
    """Make rows of the left sides and columns of the right sides, each different one once, in their order.

    Each row earns its share, as in Moodle. Right sides are plain text there.
    """
    check_count(len(pieces), pieces[0].at)
    if len(pieces) < 2:
        raise NotReadable(Code.INVALID, pieces[0].at, "a match needs at least two pairs")
    rows: list[Option] = []
    columns: dict[str, Option] = {}
    key: dict[str, tuple[str, ...]] = {}
    for number, piece in enumerate(pieces, start=1):
        left, right = _sides(piece, number, scribe)
        column = scribe.option(right.strip(), f"the right side of pair {number}", TextFormat.PLAIN)
        column = columns.setdefault(column.text[scribe.language], column)
        if left.strip():
            row = scribe.option(left, f"the left side of pair {number}")
            rows.append(row)
            key[row.id] = (column.id,)
    if not rows:
        raise NotReadable(Code.NO_KEY, pieces[0].at, "no pair has a left side")
    return Answered(
        QuestionType.MATRIX_MATCH,
        MatrixKey(rows=key),
        rows=tuple(rows),
        columns=tuple(columns.values()),
        partial=Partial.PER_ROW,
    )


def _sides(piece: Span, number: int, scribe: Scribe) -> tuple[Span, Span]:
    pair, feedback = piece.partition("#")
    left, right = pair.partition("->")
    if right is None:
        raise NotReadable(Code.SYNTAX, piece.at, f"pair {number} has no ->")
    scribe.feedback(feedback, f"pair {number}")
    return left, right
