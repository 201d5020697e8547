"""What the task queue keeps, in a namespace of its own, and what its queries need.

A task is in one place at a time: waiting (at its `place`), delayed (`due`), running (`lease`), or over. Places
sort by queue, then tenant, then rank, so that "the first after this tenant" is the head of the next tenant's line.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import AwareDatetime, BaseModel, ConfigDict, JsonValue

from store.port import Kind, Value
from store.records import Table
from taskqueue.contract import Callback, Progress, Schedule, TaskError, TaskState, Weight

NAMESPACE = "taskqueue"
TOGETHER = 10
"""Tasks in one transaction: each may be almost as large as the store takes, a commit ten times that."""
ALIVE = timedelta(seconds=60)
"""A node is alive while a heartbeat task has ended there within this time."""


class Stage(StrEnum):
    """Where a task is that is not over."""

    WAITING = "waiting"
    """In its tenant's line: it could run now."""
    DELAYED = "delayed"
    RUNNING = "running"


class Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Lease(Kept):
    """Who runs the task, and until when that is believed without another word of it."""

    owner: str
    until: AwareDatetime


class Task(Kept):
    """`digest` tells the content of the request. `rank`: its place in its tenant's line, `None` unless
    it waits there."""

    id: str
    type: str
    tenant: str
    queue: Weight
    payload: dict[str, JsonValue]
    digest: str
    priority: int
    run_at: AwareDatetime
    max_attempts: int
    timeout_seconds: int
    callback: Callback | None = None
    state: TaskState = TaskState.QUEUED
    rank: int | None = None
    attempts: int = 0
    lease: Lease | None = None
    cancel_requested: bool = False
    progress: Progress | None = None
    checkpoint: JsonValue = None
    result: JsonValue = None
    error: TaskError | None = None
    created_at: AwareDatetime
    started_at: AwareDatetime | None = None
    finished_at: AwareDatetime | None = None

    @property
    def stage(self) -> Stage | None:
        if self.state is TaskState.RUNNING:
            return Stage.RUNNING
        if self.state is TaskState.QUEUED:
            return Stage.DELAYED if self.rank is None else Stage.WAITING
        return None


class KeptSchedule(Kept):
    schedule: Schedule
    tenant: str
    next_at: AwareDatetime | None = None
    last_task_id: str | None = None


class QueueSetting(Kept):
    """How many processes shall work on a queue."""

    queue: Weight
    workers: int


class Node(Kept):
    """A worker on one queue: `processes` in its pool; `proved_at`: when a heartbeat task last ended there."""

    name: str
    queue: Weight
    processes: int
    proved_at: AwareDatetime


class Lead(Kept):
    """Who sweeps."""

    owner: str
    until: AwareDatetime


def second(at: datetime) -> int:
    """Return whole seconds since the epoch, rounded up."""
    return -int(-at.timestamp() // 1)


def place(queue: Weight, tenant: str, rank: int) -> str:
    """Return where a task waits: a text that sorts by queue, tenant and rank."""
    return f"{queue}:{tenant}:{rank:016x}"


def first(queue: Weight) -> str:
    """Return what sorts before every place of a queue."""
    return f"{queue}:"


def last(queue: Weight) -> str:
    """Return what sorts behind every place of a queue."""
    return f"{queue};"


def after(queue: Weight, tenant: str) -> str:
    """Return what sorts behind every place of a tenant, and before the next tenant's."""
    return f"{queue}:{tenant};"


def staged(queue: Weight, stage: Stage) -> str:
    """Return by what the tasks of a queue at one stage are found and counted."""
    return f"{queue}:{stage}"


def schedule_id(tenant: str, name: str) -> str:
    """Return the id of a tenant's schedule: names are each tenant's own."""
    return f"{tenant}:{name}"


def _task_index(task: Task) -> Mapping[str, Value]:
    stage = task.stage
    return {
        "state": task.state,
        "type": task.type,
        "tenant": task.tenant,
        "place": place(task.queue, task.tenant, task.rank) if task.rank is not None else None,
        "stage": staged(task.queue, stage) if stage is not None else None,
        "since": second(task.run_at) if stage is Stage.WAITING else None,
        "due": second(task.run_at) if stage is Stage.DELAYED else None,
        "lease": second(task.lease.until) if task.lease is not None else None,
        "created": task.created_at,
        "finished": second(task.finished_at) if task.finished_at is not None else None,
    }


NARROWED_BY = ("state", "tenant", "type")
"""What a listing of tasks may name, any of them together; it is in the order of their creation."""
_LISTINGS = {(*some, "created") for count in (1, 2, 3) for some in itertools.combinations(NARROWED_BY, count)}


TASKS = Table(
    Kind(
        "Task",
        frozenset({*NARROWED_BY, "place", "stage", "since", "due", "lease", "created", "finished"}),
        frozenset({("stage", "since"), *_LISTINGS}),
    ),
    Task,
    id_of=lambda task: task.id,
    index=_task_index,
)
SCHEDULES = Table(
    Kind("Schedule", frozenset({"tenant", "next"})),
    KeptSchedule,
    id_of=lambda kept: schedule_id(kept.tenant, kept.schedule.name),
    index=lambda kept: {
        "tenant": kept.tenant,
        "next": second(kept.next_at) if kept.next_at is not None else None,
    },
)
SETTINGS = Table(Kind("QueueSetting"), QueueSetting, id_of=lambda setting: setting.queue)
NODES = Table(Kind("Node"), Node, id_of=lambda node: node.name)
LEADS = Table(Kind("Lead"), Lead, id_of=lambda lead: "sweeper")

KINDS: tuple[Kind, ...] = tuple(table.kind for table in (TASKS, SCHEDULES, SETTINGS, NODES, LEADS))
