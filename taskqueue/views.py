"""Records as their owners see them."""

from __future__ import annotations

from taskqueue.contract import ScheduleView, TaskView
from taskqueue.tables import KeptSchedule, Task


def task_view(task: Task) -> TaskView:
    """Return what of a task is shown: no checkpoint, no worker's name."""
    # Its values are those of a record: checking them again would cost as much as all the rest.
    return TaskView.model_construct(
        id=task.id,
        type=task.type,
        tenant=task.tenant,
        queue=task.queue,
        state=task.state,
        payload=task.payload,
        priority=task.priority,
        run_at=task.run_at,
        attempts=task.attempts,
        max_attempts=task.max_attempts,
        timeout_seconds=task.timeout_seconds,
        cancel_requested=task.cancel_requested,
        progress=task.progress,
        result=task.result,
        error=task.error,
        created_at=task.created_at,
        started_at=task.started_at,
        finished_at=task.finished_at,
    )


def schedule_view(kept: KeptSchedule) -> ScheduleView:
    """Return a schedule with what became of it."""
    schedule = kept.schedule
    return ScheduleView(
        name=schedule.name,
        cron=schedule.cron,
        zone=schedule.zone,
        task=schedule.task,
        paused=schedule.paused,
        next_at=kept.next_at,
        last_task_id=kept.last_task_id,
    )
