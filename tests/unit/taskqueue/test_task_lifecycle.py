"""The life of a task as pure rules: from any step to any other, what must hold holds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from taskqueue import lifecycle
from taskqueue.contract import FINAL, ErrorCode, TaskError, TaskState, Weight
from taskqueue.tables import TASKS, Stage, Task, after, first, last, place

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TENANTS = st.from_regex(r"[a-z0-9](?:[a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True)


def task(**changes: object) -> Task:
    fields: dict[str, object] = {
        "id": "tsk_1",
        "type": "demo.note",
        "tenant": "oakwood",
        "queue": Weight.SHORT,
        "payload": {},
        "digest": "",
        "priority": 5,
        "run_at": NOON,
        "max_attempts": 3,
        "timeout_seconds": 60,
        "created_at": NOON,
    }
    return Task.model_validate({**fields, **changes})


def running(attempts: int = 1, **changes: object) -> Task:
    return lifecycle.claim(lifecycle.enter(task(attempts=attempts - 1, **changes), NOON), "worker", NOON, 20.0)


def error(code: ErrorCode = ErrorCode.RAISED) -> TaskError:
    return TaskError(code=code, message="boom", at=NOON)


@given(st.integers(1, 99), st.floats(0, 1))
def test_the_wait_doubles_up_to_a_cap_and_jitter_takes_at_most_half_of_it(attempts: int, jitter: float):
    failed = lifecycle.fail(running(attempts, max_attempts=100), error(), NOON, jitter)
    whole = min(2.0 * 2 ** (attempts - 1), 900.0)
    assert failed.state is TaskState.QUEUED
    assert timedelta(seconds=whole / 2) <= failed.run_at - NOON <= timedelta(seconds=whole)


@pytest.mark.parametrize("code", list(ErrorCode))
def test_an_error_that_another_attempt_would_meet_again_ends_the_task(code: ErrorCode):
    failed = lifecycle.fail(running(), error(code), NOON, 0.0)
    final = code in {ErrorCode.REFUSED, ErrorCode.UNKNOWN_TYPE}
    assert failed.state is (TaskState.FAILED if final else TaskState.QUEUED)
    assert failed.error == error(code)


def test_the_last_attempt_ends_the_task():
    assert lifecycle.fail(running(2), error(), NOON, 0.0).state is TaskState.QUEUED
    assert lifecycle.fail(running(3), error(), NOON, 0.0).state is TaskState.FAILED


@pytest.mark.parametrize("state", sorted(FINAL))
def test_what_is_over_is_not_asked_to_stop(state: TaskState):
    over = task(state=state, finished_at=NOON)
    assert lifecycle.request_cancel(over, NOON) == over


@given(TENANTS, TENANTS, st.integers(0, 2**52 - 1), st.integers(0, 2**52 - 1))
def test_places_sort_by_tenant_and_then_by_rank(one: str, other: str, rank: int, another: int):
    here, there = place(Weight.SHORT, one, rank), place(Weight.SHORT, other, another)
    assert first(Weight.SHORT) < here < last(Weight.SHORT)
    assert here < after(Weight.SHORT, one)
    if one == other:
        assert (here < there) == (rank < another)
    else:
        # No place of another tenant lies between a tenant's places and what comes after them.
        assert (after(Weight.SHORT, one) < there) == (f"{one}:" < f"{other}:")


@given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_line_is_ordered_by_priority_and_then_by_who_came_first(high: int, low: int, early: int, late: int):
    one = lifecycle.enter(task(priority=high), NOON + timedelta(milliseconds=early))
    two = lifecycle.enter(task(priority=low), NOON + timedelta(milliseconds=late))
    assert one.rank is not None
    assert two.rank is not None
    assert (one.rank < two.rank) == ((-high, early) < (-low, late))


class Life(RuleBasedStateMachine):
    """Any sequence of steps that the states allow."""

    def __init__(self) -> None:
        super().__init__()
        self.task = lifecycle.enter(task(), NOON)
        self.now = NOON

    @rule(seconds=st.floats(0, 100))
    def pass_time(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    @precondition(lambda self: self.task.stage is Stage.DELAYED)
    @rule()
    def enter(self) -> None:
        self.task = lifecycle.enter(self.task, self.now)

    @precondition(lambda self: self.task.stage is Stage.WAITING)
    @rule()
    def claim(self) -> None:
        self.task = lifecycle.claim(self.task, "worker", self.now, 20.0)

    @precondition(lambda self: self.task.stage is Stage.RUNNING)
    @rule(step=st.sampled_from(["renew", "succeed", "fail", "release", "stop"]), jitter=st.floats(0, 1))
    def run(self, step: str, jitter: float) -> None:
        steps = {
            "renew": lambda: lifecycle.renew(self.task, self.now, 20.0),
            "succeed": lambda: lifecycle.succeed(self.task, [1], self.now),
            "fail": lambda: lifecycle.fail(self.task, error(), self.now, jitter),
            "release": lambda: lifecycle.release(self.task, self.now),
            "stop": lambda: lifecycle.stop(self.task, self.now),
        }
        self.task = steps[step]()

    @rule()
    def cancel(self) -> None:
        self.task = lifecycle.request_cancel(self.task, self.now)

    @precondition(lambda self: self.task.state in lifecycle.RETRYABLE)
    @rule()
    def retry(self) -> None:
        self.task = lifecycle.retry(self.task, self.now)

    @invariant()
    def is_in_one_place(self) -> None:
        entity = TASKS.entity(self.task)
        places = {"place", "due", "lease"} & set(entity.properties)
        assert len(places) == (self.task.state not in FINAL)
        assert ("stage" in entity.properties) == (self.task.state not in FINAL)

    @invariant()
    def holds_a_lease_while_it_runs_and_only_then(self) -> None:
        assert (self.task.lease is not None) == (self.task.state is TaskState.RUNNING)

    @invariant()
    def counts_no_more_attempts_than_it_may_make(self) -> None:
        assert 0 <= self.task.attempts <= self.task.max_attempts

    @invariant()
    def is_finished_when_it_is_over_and_only_then(self) -> None:
        assert (self.task.finished_at is not None) == (self.task.state in FINAL)

    @invariant()
    def is_kept_as_it_is(self) -> None:
        assert TASKS.record(TASKS.entity(self.task)) == self.task


TestLife = Life.TestCase
