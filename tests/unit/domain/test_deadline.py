from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction

import pytest
from domain_values import NOON, after, draft_of
from hypothesis import given
from hypothesis import strategies as st

from tp.domain.accommodation import Conditions
from tp.domain.attempt import Attempt, AttemptState, Pause
from tp.domain.deadline import Deadline, DeadlineReason, Timing, deadline
from tp.domain.test import Schedule

HOUR = Timing(duration_seconds=3600, grace_seconds=30)


def attempt(**fields: object) -> Attempt:
    return Attempt.model_validate(
        {
            "id": "att_1",
            "test_id": "tst_1",
            "student_id": "usr_1",
            "number": 1,
            "state": AttemptState.IN_PROGRESS,
            "paper_version": 1,
            "seed": 7,
            "started_at": NOON,
            **fields,
        }
    )


def ends(timing: Timing, sitting: Attempt, now: datetime = NOON) -> tuple[int, DeadlineReason]:
    """Seconds from the start to the end, and the reason."""
    found = deadline(timing, sitting, now)
    assert sitting.started_at is not None
    assert found.accepts_until - found.at == timedelta(seconds=timing.grace_seconds)
    return int((found.at - sitting.started_at).total_seconds()), found.reason


def closing(seconds: int) -> Timing:
    return HOUR.model_copy(update={"closes_at": after(seconds)})


def test_an_attempt_lasts_as_long_as_the_test() -> None:
    assert ends(HOUR, attempt()) == (3600, DeadlineReason.DURATION)
    assert deadline(HOUR, attempt(), NOON) == Deadline(
        at=after(3600), reason=DeadlineReason.DURATION, accepts_until=after(3630)
    )


def test_an_attempt_that_has_not_started_has_no_deadline() -> None:
    with pytest.raises(ValueError, match="not started"):
        deadline(HOUR, attempt(started_at=None), NOON)


def test_the_window_cuts_a_late_start_short() -> None:
    assert ends(closing(1800), attempt()) == (1800, DeadlineReason.WINDOW)
    assert ends(closing(3600), attempt()) == (3600, DeadlineReason.DURATION)


def test_a_student_s_own_extension_moves_the_window() -> None:
    extended = attempt(conditions=Conditions(extension_minutes=10))
    assert ends(closing(1800), extended) == (2400, DeadlineReason.EXTENSION)
    assert ends(closing(3600), extended) == (3600, DeadlineReason.DURATION)


def test_time_factor_and_extra_minutes_lengthen_the_duration() -> None:
    conditions = Conditions(time_factor=Fraction(4, 3), extra_minutes=5)
    assert ends(HOUR, attempt(conditions=conditions)) == (5100, DeadlineReason.DURATION)
    assert ends(closing(3600), attempt(conditions=conditions)) == (3600, DeadlineReason.WINDOW)


def test_extra_time_runs_past_the_window_when_the_accommodation_says_so() -> None:
    conditions = Conditions(time_factor=Fraction(4, 3), past_window=True)
    assert ends(closing(3600), attempt(conditions=conditions)) == (4800, DeadlineReason.DURATION)
    assert ends(closing(1800), attempt(conditions=conditions)) == (3000, DeadlineReason.EXTENSION)


def test_past_window_without_extra_time_gives_nothing() -> None:
    assert ends(closing(1800), attempt(conditions=Conditions(past_window=True))) == (1800, DeadlineReason.WINDOW)


def test_a_part_of_a_second_is_rounded_up() -> None:
    timing = Timing(duration_seconds=100)
    assert ends(timing, attempt(conditions=Conditions(time_factor=Fraction(4, 3))))[0] == 134


def test_time_granted_during_the_sitting_moves_the_end_whatever_bound_it() -> None:
    granted = attempt(extension_seconds=600)
    assert ends(HOUR, granted) == (4200, DeadlineReason.EXTENSION)
    assert ends(closing(1800), granted) == (2400, DeadlineReason.EXTENSION)


def test_a_pause_gives_its_time_back() -> None:
    pauses = [Pause(began_at=after(600), ended_at=after(900)), Pause(began_at=after(1000), ended_at=after(1060))]
    assert ends(HOUR, attempt(pauses=pauses)) == (3960, DeadlineReason.PAUSE)
    assert ends(closing(1800), attempt(pauses=pauses)) == (2160, DeadlineReason.PAUSE)


def test_overlapping_pauses_count_once() -> None:
    pauses = [
        Pause(began_at=after(900), ended_at=after(950)),
        Pause(began_at=after(600), ended_at=after(1000)),
        Pause(began_at=after(700), ended_at=after(1100)),
    ]
    assert ends(HOUR, attempt(pauses=pauses))[0] == 4100


def test_a_pause_before_the_start_or_after_the_end_gives_nothing() -> None:
    early = Pause(began_at=after(-100), ended_at=after(-50))
    across = Pause(began_at=after(-100), ended_at=after(20))
    late = Pause(began_at=after(3600), ended_at=after(4000))
    assert ends(HOUR, attempt(pauses=[early, late])) == (3600, DeadlineReason.DURATION)
    assert ends(HOUR, attempt(pauses=[across])) == (3620, DeadlineReason.PAUSE)


def test_a_second_pause_in_the_time_given_back_counts() -> None:
    pauses = [Pause(began_at=after(3000), ended_at=after(4000)), Pause(began_at=after(4100), ended_at=after(4200))]
    assert ends(HOUR, attempt(pauses=pauses))[0] == 4700


def test_the_deadline_cannot_pass_while_a_pause_is_open() -> None:
    paused = attempt(pauses=[Pause(began_at=after(3000))])
    for now in (3000, 5000, 10**6):
        assert ends(HOUR, paused, after(now))[0] == now + 600
    assert ends(HOUR, paused, after(2000)) == (3600, DeadlineReason.DURATION)


def test_an_end_forced_early_wins_and_keeps_grace() -> None:
    assert ends(HOUR, attempt(forced_at=after(1000), extension_seconds=600)) == (1000, DeadlineReason.FORCED)
    assert ends(HOUR, attempt(forced_at=after(3600))) == (3600, DeadlineReason.DURATION)
    paused = attempt(forced_at=after(3500), pauses=[Pause(began_at=after(3000))])
    assert ends(HOUR, paused, after(9000)) == (3500, DeadlineReason.FORCED)


def test_timing_is_taken_from_the_test() -> None:
    test = draft_of(["q1"], schedule=Schedule(closes_at=after(60)), grace_seconds=5)
    assert Timing.of(test) == Timing(duration_seconds=3600, closes_at=after(60), grace_seconds=5)


seconds = st.integers(0, 3_000)
pauses = st.lists(
    st.tuples(seconds, seconds).map(lambda ends: Pause(began_at=after(min(ends)), ended_at=after(max(ends)))),
    max_size=4,
)
sittings = st.builds(
    attempt,
    conditions=st.builds(
        Conditions,
        time_factor=st.fractions(1, 3, max_denominator=12),
        extra_minutes=st.integers(0, 10),
        extension_minutes=st.integers(0, 10),
        past_window=st.booleans(),
    ),
    extension_seconds=st.integers(0, 600),
    pauses=pauses,
)
timings = st.builds(
    Timing,
    duration_seconds=st.integers(1, 2_000),
    closes_at=st.none() | seconds.map(after),
    grace_seconds=st.integers(0, 60),
)


@given(timings, sittings, st.integers(0, 60), st.fractions(0, 2, max_denominator=6))
def test_more_rights_never_end_an_attempt_earlier(
    timing: Timing, sitting: Attempt, more: int, factor: Fraction
) -> None:
    before = deadline(timing, sitting, NOON).at
    given_ = sitting.conditions
    for field, value in (
        ("extra_minutes", given_.extra_minutes + more),
        ("extension_minutes", given_.extension_minutes + more),
        ("time_factor", given_.time_factor + factor),
        ("past_window", True),
    ):
        better = sitting.model_copy(update={"conditions": given_.model_copy(update={field: value})})
        assert deadline(timing, better, NOON).at >= before
    granted = sitting.model_copy(update={"extension_seconds": sitting.extension_seconds + more})
    assert deadline(timing, granted, NOON).at >= before + timedelta(seconds=more)


@given(timings, sittings, seconds, seconds)
def test_another_pause_never_ends_an_attempt_earlier(
    timing: Timing, sitting: Attempt, one: int, other: int
) -> None:
    pause = Pause(began_at=after(min(one, other)), ended_at=after(max(one, other)))
    paused = sitting.model_copy(update={"pauses": (*sitting.pauses, pause)})
    assert deadline(timing, paused, NOON).at >= deadline(timing, sitting, NOON).at


@given(timings, sittings)
def test_the_end_agrees_with_a_clock_that_ticks(timing: Timing, sitting: Attempt) -> None:
    """The oracle counts working seconds one by one, standing still in pauses."""
    without = sitting.model_copy(update={"pauses": ()})
    left = int((deadline(timing, without, NOON).at - NOON).total_seconds())
    stood = [
        (int((pause.began_at - NOON).total_seconds()), int((pause.ended_at - NOON).total_seconds()))
        for pause in sitting.pauses
        if pause.ended_at
    ]
    tick = 0
    while left > 0:
        if not any(began <= tick < ended for began, ended in stood):
            left -= 1
        tick += 1
    assert ends(timing, sitting)[0] == (tick if tick else ends(timing, without)[0])


@given(timings, sittings, seconds)
def test_forcing_an_end_never_moves_it_later(timing: Timing, sitting: Attempt, forced: int) -> None:
    forced_ = sitting.model_copy(update={"forced_at": after(forced)})
    assert deadline(timing, forced_, NOON).at == min(after(forced), deadline(timing, sitting, NOON).at)
