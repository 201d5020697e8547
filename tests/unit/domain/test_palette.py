from __future__ import annotations

from itertools import product

import pytest

from tp.domain.palette import MARKED, PaletteState, palette_state

VISITED_ANSWERED_MARKED = {
    (False, False, False): "NOT_VISITED",
    (True, False, False): "NOT_ANSWERED",
    (True, True, False): "ANSWERED",
    (True, False, True): "MARKED_FOR_REVIEW",
    (True, True, True): "ANSWERED_AND_MARKED_FOR_REVIEW",
    (False, True, False): "ANSWERED",
    (False, False, True): "MARKED_FOR_REVIEW",
    (False, True, True): "ANSWERED_AND_MARKED_FOR_REVIEW",
}


@pytest.mark.parametrize(("visited", "answered", "marked"), list(product((True, False), repeat=3)))
def test_every_colour(visited: bool, answered: bool, marked: bool) -> None:
    state = palette_state(visited=visited, answered=answered, marked=marked)
    assert state == VISITED_ANSWERED_MARKED[visited, answered, marked]
    assert (state in MARKED) == marked


def test_the_colours_are_those_of_the_interface() -> None:
    assert set(PaletteState) == set(VISITED_ANSWERED_MARKED.values())
