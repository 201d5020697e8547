from __future__ import annotations

import pytest
from domain_values import NOON, after, batch, chosen, event, on_paper, paper_of

from tp.domain.attempt import Pause
from tp.domain.behaviour import DRIFT_MS, Behaviour, behaviour
from tp.domain.events import Batch, Event

PAPER = paper_of([on_paper("q1"), on_paper("q2")], [on_paper("q3")])


def received(*events: Event, seq: int = 1, at: float = 3_600) -> Batch:
    return batch(seq, *events).model_copy(update={"received_at": after(at)})


def times(told: Behaviour) -> list[int]:
    return [question.time for question in told.questions]


def test_time_runs_from_a_visit_to_the_next_and_to_the_end() -> None:
    log = [received(event("VISIT", "q1", at=1_000), event("VISIT", "q3", at=4_000))]
    assert times(behaviour(PAPER, log, NOON, after(10))) == [3_000, 0, 6_000]
    assert times(behaviour(PAPER, log, NOON, None)) == [3_000, 0, 0]


def test_a_blur_stops_the_time_until_any_other_event() -> None:
    log = [
        received(
            event("VISIT", "q1", at=0),
            event("BLUR", at=2_000),
            event("BLUR", at=3_000),
            event("MARK", "q1", at=5_000),
        )
    ]
    told = behaviour(PAPER, log, NOON, after(6))
    assert (times(told), told.away, told.focus_lost) == ([3_000, 0, 0], 3_000, 1)
    assert told.questions[0].visits == 1


def test_idle_time_is_counted_apart() -> None:
    told = behaviour(PAPER, [received(event("VISIT", "q1"))], NOON, after(10), idle_ms=4_000)
    assert (told.questions[0].time, told.questions[0].idle) == (4_000, 6_000)


def test_what_lies_in_a_pause_is_nobody_s_time() -> None:
    log = [received(event("VISIT", "q1", at=0), event("BLUR", at=6_000), event("VISIT", "q2", at=9_000))]
    stood = [Pause(began_at=after(2), ended_at=after(4)), Pause(began_at=after(3), ended_at=after(7))]
    told = behaviour(PAPER, log, NOON, after(20), [*stood, Pause(began_at=after(15))])
    assert (times(told), told.away) == ([2_000, 6_000, 0], 2_000)
    running = behaviour(PAPER, log, NOON, None, [Pause(began_at=after(4))])
    assert (times(running), running.away) == ([4_000, 0, 0], 0)


def test_changes_and_returns_are_counted_and_summed_by_section() -> None:
    log = [
        received(event("ANSWER", "q1", chosen("a")), event("CLEAR", "q1"), event("ANSWER", "q1", chosen("b"))),
        received(event("ANSWER", "q2", chosen("a")), event("ANSWER", "q2", chosen("a")), seq=2),
        received(event("VISIT", "q1", at=1), seq=3),
    ]
    told = behaviour(PAPER, reversed(log), NOON, after(1))
    assert [(one.visits, one.returns, one.changes) for one in told.questions] == [(2, 1, 1), (1, 0, 0), (0, 0, 0)]
    first, second = told.sections
    assert (first.visits, first.returns, first.changes, first.time) == (3, 1, 1, 1_000)
    assert (second.visits, second.time) == (0, 0)


@pytest.mark.parametrize(
    ("first", "second", "disagreed"),
    [
        (DRIFT_MS, 2 * DRIFT_MS, False),
        (DRIFT_MS, 1, False),
        (DRIFT_MS + 2, 1, True),
        (3_600_000 + DRIFT_MS + 1, 3_600_000 + DRIFT_MS + 2, True),
    ],
    ids=["agrees", "back within drift", "jumps back", "ahead of the server"],
)
def test_time_never_runs_back_and_a_jump_is_told(first: int, second: int, disagreed: bool) -> None:
    log = [received(event("VISIT", "q1", at=first), event("VISIT", "q2", at=second))]
    told = behaviour(PAPER, log, NOON, after(3_600))
    assert told.clocks_disagreed is disagreed
    assert min(times(told)) >= 0


def test_what_is_not_on_the_paper_is_passed_over() -> None:
    log = [received(event("VISIT", "q1"), event("VISIT", "q9", at=1_000)), received(event("VISIT", "q2"))]
    assert behaviour(PAPER, [], NOON, after(1)).questions[0].visits == 0
    assert times(behaviour(PAPER, log[:1], NOON, after(2))) == [2_000, 0, 0]
    assert [one.visits for one in behaviour(PAPER, log, NOON, after(2)).questions] == [0, 1, 0]
