"""The question palette that every candidate of the NTA interface has practised on."""

from __future__ import annotations

from enum import StrEnum


class PaletteState(StrEnum):
    NOT_VISITED = "NOT_VISITED"
    NOT_ANSWERED = "NOT_ANSWERED"
    """Visited, no answer."""
    ANSWERED = "ANSWERED"
    MARKED_FOR_REVIEW = "MARKED_FOR_REVIEW"
    """Marked, no answer."""
    ANSWERED_AND_MARKED_FOR_REVIEW = "ANSWERED_AND_MARKED_FOR_REVIEW"
    """Marked and answered; the answer is evaluated."""


MARKED = frozenset({PaletteState.MARKED_FOR_REVIEW, PaletteState.ANSWERED_AND_MARKED_FOR_REVIEW})


def palette_state(*, visited: bool, answered: bool, marked: bool) -> PaletteState:
    """Return a question's colour. An answer or a mark tells of a visit by itself."""
    if answered:
        return PaletteState.ANSWERED_AND_MARKED_FOR_REVIEW if marked else PaletteState.ANSWERED
    if marked:
        return PaletteState.MARKED_FOR_REVIEW
    return PaletteState.NOT_ANSWERED if visited else PaletteState.NOT_VISITED
