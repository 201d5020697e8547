"""What notices change in an attempt: each once, in their order, and nothing in what is over."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from domain_values import NOON, after
from test_deadline import HOUR, attempt

from tp.domain.attempt import Attempt, AttemptState
from tp.domain.deadline import DeadlineReason, deadline
from tp.domain.ids import notice_id, notice_number
from tp.domain.notices import PAUSE_ALLOWANCE, Notice, NoticeKind, heed, shuts_out


def notice(number: int, kind: NoticeKind, at: datetime, **told: object) -> Notice:
    given = {"test_id": "tst_1", "number": number, "kind": kind, "at": at, "by": "usr_2", **told}
    return Notice.model_validate(given)


def heeded(sitting: Attempt, *notices: Notice) -> Attempt:
    return heed(HOUR, sitting, notices, notices[-1].number)


EXTENDED = notice(1, NoticeKind.EXTENDED, after(60), minutes=10)


def test_a_notice_is_heeded_once() -> None:
    once = heeded(attempt(), EXTENDED)

    assert (once.extension_seconds, once.heeded) == (600, 1)
    assert heeded(once, EXTENDED) == once
    assert deadline(HOUR, once, after(60)).reason is DeadlineReason.EXTENSION


def test_it_concerns_those_it_names_or_all_that_had_begun() -> None:
    others = EXTENDED.model_copy(update={"attempt_ids": ("att_2",)})

    assert heeded(attempt(), others).extension_seconds == 0
    assert heeded(attempt(started_at=after(61)), EXTENDED).extension_seconds == 0
    assert heeded(attempt(started_at=after(60)), EXTENDED).extension_seconds == 600


def test_what_is_over_stays_as_it_is() -> None:
    late = notice(1, NoticeKind.EXTENDED, after(3631), minutes=10)
    in_grace = notice(1, NoticeKind.EXTENDED, after(3630), minutes=10)
    closed = attempt(state=AttemptState.SUBMITTED)

    assert heeded(attempt(), late).extension_seconds == 0
    assert heeded(attempt(), in_grace).extension_seconds == 600
    assert heeded(closed, EXTENDED) == closed


def test_pauses_do_not_nest_and_move_the_end_by_the_time_between() -> None:
    notices = [
        notice(1, NoticeKind.PAUSED, after(100)),
        notice(2, NoticeKind.PAUSED, after(200)),
        notice(3, NoticeKind.RESUMED, after(400)),
        notice(4, NoticeKind.RESUMED, after(500)),
    ]

    resumed = heeded(attempt(), *notices)

    assert not resumed.paused
    assert deadline(HOUR, resumed, after(500)).at == after(3600 + 300)
    assert heeded(attempt(), *notices[:1]).paused


def test_an_attempt_that_was_paused_before_its_end_goes_on_long_after() -> None:
    stood = heeded(
        attempt(), notice(1, NoticeKind.PAUSED, after(3000)), notice(2, NoticeKind.RESUMED, after(90_000))
    )

    assert deadline(HOUR, stood, after(90_000)).at == after(90_600)


def test_the_first_end_that_is_forced_stays() -> None:
    forced = heeded(attempt(), notice(1, NoticeKind.FORCED, after(100)), notice(2, NoticeKind.FORCED, after(110)))

    assert forced.forced_at == after(100)
    assert heeded(attempt(), notice(1, NoticeKind.TAKEN_OVER, after(5), device="b")).device == "b"


@pytest.mark.parametrize(("seconds", "shut"), [(0, False), (10, False), (10.1, True)])
def test_a_pause_shuts_out_what_comes_after_its_allowance(seconds: float, shut: bool) -> None:
    paused = heeded(attempt(), notice(1, NoticeKind.PAUSED, NOON))

    assert timedelta(seconds=10) == PAUSE_ALLOWANCE
    assert shuts_out(paused, NOON + timedelta(seconds=seconds)) is shut


def test_the_id_of_a_notice_tells_its_number_to_its_own_test_alone() -> None:
    id = notice_id("tst_" + "a" * 16, 7)

    assert notice_number("tst_" + "a" * 16, id) == 7
    assert notice_number("tst_" + "b" * 16, id) == 0
    assert notice_number("tst_" + "a" * 16, "ntc_") == notice_number("tst_" + "a" * 16, None) == 0
