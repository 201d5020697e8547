"""What is written when a task changes: its record, and with its end the task that tells the owner of it."""

from __future__ import annotations

from taskqueue import lifecycle
from taskqueue.contract import FINAL, TaskEnded, Weight
from taskqueue.posting import INTERNAL, task_id
from taskqueue.tables import Task

CALLBACK = f"{INTERNAL}callback"
CALLBACK_ATTEMPTS = 20
"""By the backoff of tasks these span about four hours."""
CALLBACK_TIMEOUT_SECONDS = 60


def written(before: Task, after: Task) -> list[Task]:
    """Return the records that the step from `before` to `after` writes."""
    if after.callback is None or after.state not in FINAL or before.state in FINAL:
        return [after]
    return [after, callback_for(after, after.callback.url)]


def callback_for(task: Task, url: str) -> Task:
    """Return the task that tells `url` of a task's end."""
    at = task.finished_at
    assert at is not None
    ended = TaskEnded(
        id=task.id,
        type=task.type,
        tenant=task.tenant,
        state=task.state,
        attempts=task.attempts,
        result=task.result,
        error=task.error,
        finished_at=at,
    )
    callback = Task(
        # A task that is retried by hand ends, and is told of, more than once.
        id=task_id(task.tenant, CALLBACK, f"{task.id}:{at.isoformat()}"),
        type=CALLBACK,
        tenant=task.tenant,
        queue=Weight.SHORT,
        payload={"url": url, "ended": ended.model_dump(mode="json", by_alias=True)},
        digest="",
        priority=task.priority,
        run_at=at,
        max_attempts=CALLBACK_ATTEMPTS,
        timeout_seconds=CALLBACK_TIMEOUT_SECONDS,
        created_at=at,
    )
    return lifecycle.enter(callback, at)
