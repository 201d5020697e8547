"""The life of a task: pure steps from one record to the next. Whoever writes them does so in a transaction.

QUEUED ──claim──▶ RUNNING ──succeed──▶ SUCCEEDED
  ▲                 │ ├────fail, attempts used up──▶ FAILED
  ├──fail, release──┘ └────stop after a request────▶ CANCELLED
  └──cancel─────────────────────────────────────────────▲
"""

from __future__ import annotations

from datetime import datetime, timedelta

from pydantic import JsonValue

from taskqueue.contract import FINAL, ErrorCode, TaskError, TaskState
from taskqueue.tables import Lease, Task

BACKOFF_SECONDS = 2.0
BACKOFF_CAP_SECONDS = 15 * 60.0
FINAL_CODES = frozenset({ErrorCode.REFUSED, ErrorCode.UNKNOWN_TYPE})
"""After these another attempt would end alike."""


RETRYABLE = frozenset({TaskState.FAILED, TaskState.CANCELLED})


def enter(task: Task, now: datetime) -> Task:
    """Return the task in its tenant's line: by priority, then by the instant at which it came there."""
    assert task.state is TaskState.QUEUED
    return task.model_copy(update={"rank": (9 - task.priority) << 48 | int(now.timestamp() * 1000)})


def claim(task: Task, owner: str, now: datetime, lease_seconds: float) -> Task:
    """Return the task as `owner` runs it: one attempt more is counted before it begins."""
    assert task.state is TaskState.QUEUED
    return task.model_copy(
        update={
            "state": TaskState.RUNNING,
            "rank": None,
            "attempts": task.attempts + 1,
            "lease": Lease(owner=owner, until=now + timedelta(seconds=lease_seconds)),
            "started_at": now,
        }
    )


def renew(task: Task, now: datetime, lease_seconds: float) -> Task:
    """Return the task with its lease begun anew."""
    assert task.lease is not None
    return task.model_copy(
        update={"lease": Lease(owner=task.lease.owner, until=now + timedelta(seconds=lease_seconds))}
    )


def succeed(task: Task, result: JsonValue, now: datetime) -> Task:
    return _over(task, TaskState.SUCCEEDED, now).model_copy(update={"result": result, "error": None})


def fail(task: Task, error: TaskError, now: datetime, jitter: float) -> Task:
    """Return the task as it waits for its next attempt, or as it has failed for good.

    The wait doubles with each attempt; `jitter` (0 to 1) takes up to half of it away, so that tasks that failed
    together do not come back together.
    """
    if task.cancel_requested:
        return stop(task, now)
    if error.code in FINAL_CODES or task.attempts >= task.max_attempts:
        return _over(task, TaskState.FAILED, now).model_copy(update={"error": error})
    wait = min(BACKOFF_SECONDS * 2 ** (task.attempts - 1), BACKOFF_CAP_SECONDS)
    run_at = now + timedelta(seconds=wait * (1 - jitter / 2))
    return _queued(task, run_at).model_copy(update={"error": error})


def release(task: Task, now: datetime) -> Task:
    """Return a running task to its line without counting the attempt: its worker stops in good order."""
    if task.cancel_requested:
        return stop(task, now)
    return enter(_queued(task, now).model_copy(update={"attempts": task.attempts - 1}), now)


def stop(task: Task, now: datetime) -> Task:
    """Return the task as cancelled."""
    return _over(task, TaskState.CANCELLED, now)


def request_cancel(task: Task, now: datetime) -> Task:
    """Return the task cancelled, or, while it runs, asked to stop; one that is over stays as it is."""
    if task.state in FINAL:
        return task
    if task.state is TaskState.RUNNING:
        return task.model_copy(update={"cancel_requested": True})
    return stop(task, now)


def retry(task: Task, now: datetime) -> Task:
    """Return a failed or cancelled task in its line as new, with its checkpoint."""
    assert task.state in RETRYABLE
    again = {"attempts": 0, "cancel_requested": False, "error": None, "started_at": None}
    return enter(_queued(task, now).model_copy(update=again), now)


def _queued(task: Task, run_at: datetime) -> Task:
    return task.model_copy(
        update={"state": TaskState.QUEUED, "run_at": run_at, "lease": None, "rank": None, "finished_at": None}
    )


def _over(task: Task, state: TaskState, now: datetime) -> Task:
    return task.model_copy(update={"state": state, "lease": None, "rank": None, "finished_at": now})
