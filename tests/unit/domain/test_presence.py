"""Who is there, by what came and when."""

from __future__ import annotations

from datetime import timedelta

import pytest
from domain_values import NOON

from tp.domain.events import Event, EventType
from tp.domain.presence import Presence, left_window, presence


@pytest.mark.parametrize(
    ("seen", "acted", "there"),
    [(0, 0, "ONLINE"), (90, 120, "ONLINE"), (90, 121, "IDLE"), (91, 91, "OFFLINE"), (0, 500, "IDLE")],
)
def test_presence_goes_by_the_seconds_since_something_came(seen: int, acted: int, there: str) -> None:
    ago = [NOON - timedelta(seconds=seconds) for seconds in (seen, acted)]

    assert presence(ago[0], ago[1], NOON) is Presence(there)


def test_the_last_event_of_the_window_tells_whether_it_is_left() -> None:
    blur, focus = Event(type=EventType.BLUR, at=1), Event(type=EventType.FOCUS, at=2)
    visit = Event(type=EventType.VISIT, at=3, question_id="qst_1")

    assert left_window([visit]) is None
    assert left_window([focus, blur, visit]) is True
    assert left_window([blur, focus]) is False
