"""What other services may know of the task queue: its wire models, and how a handler is plugged in.

Instants are RFC 3339 with an offset; names on the wire are in camelCase.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, Protocol

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, JsonValue
from pydantic.alias_generators import to_camel

PAYLOAD_BYTES = 256 * 1024
"""Of a payload as JSON; a checkpoint, a result and a progress message together may have as many."""


_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


def _instant(value: object) -> object:
    # Pydantic would take a number for seconds or milliseconds, as it guesses by its size.
    if isinstance(value, datetime) or (isinstance(value, str) and _RFC3339.fullmatch(value)):
        return value
    raise ValueError("an instant with its offset, such as 2026-01-31T09:00:00+05:30")


def _utc(at: datetime) -> datetime:
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise ValueError("an instant of the years 1 to 9999") from None


Instant = Annotated[AwareDatetime, BeforeValidator(_instant), AfterValidator(_utc)]
"""On the wire RFC 3339, in any offset; kept in UTC."""

Tenant = Annotated[str, Field(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$")]
"""The slug of a tenant."""


class TaskState(StrEnum):
    QUEUED = "QUEUED"
    """Waits: for its instant, for a worker, or for its next attempt."""
    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


FINAL = frozenset({TaskState.SUCCEEDED, TaskState.FAILED, TaskState.CANCELLED})


class Weight(StrEnum):
    """The class of a handler, and the name of the queue that its tasks wait in."""

    SHORT = "short"
    """Seconds: somebody waits for it."""
    HEAVY = "heavy"
    """Minutes or hours."""


class Wire(BaseModel):
    """A model of the REST interface."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True)


class Callback(Wire):
    """Where the owner of a task is told of its end, by a signed POST of a `TaskEnded`."""

    url: str = Field(max_length=2_000, pattern=r"^https?://")


class TaskRequest(Wire):
    """`idempotency_key`: the same key with the same content gives the same task, with other content 409.

    `run_at`: not before this instant. `priority`: 0 to 9, the greater first among the tasks of a tenant.
    `max_attempts` and `timeout_seconds`: of one attempt; left out, as the handler declares.
    """

    type: str = Field(min_length=1, max_length=100, pattern=r"^[a-z][a-z0-9_.-]*$")
    tenant: Tenant
    payload: dict[str, JsonValue] = Field(default_factory=dict)
    idempotency_key: str | None = Field(default=None, min_length=1, max_length=200)
    run_at: Instant | None = None
    priority: int = Field(default=5, ge=0, le=9)
    max_attempts: int | None = Field(default=None, ge=1, le=100)
    timeout_seconds: int | None = Field(default=None, ge=1, le=7 * 24 * 60 * 60)
    callback: Callback | None = None


class Progress(Wire):
    """`done` of `total` units; `total` is `None` while it is not known."""

    done: int = Field(ge=0)
    total: int | None = Field(default=None, ge=0)
    message: str | None = Field(default=None, max_length=500)


class ErrorCode(StrEnum):
    """Why an attempt came to nothing."""

    RAISED = "RAISED"
    REFUSED = "REFUSED"
    """The handler said that trying again is of no use."""
    TIMED_OUT = "TIMED_OUT"
    EXITED = "EXITED"
    """The handler ended its process."""
    OUT_OF_MEMORY = "OUT_OF_MEMORY"
    WORKER_LOST = "WORKER_LOST"
    """The lease ran out: worker or machine went away."""
    NOT_JSON = "NOT_JSON"
    """The handler returned what is not JSON, or too large."""
    UNKNOWN_TYPE = "UNKNOWN_TYPE"


class TaskError(Wire):
    """`traceback_id` finds the traceback in the worker's log; it is never shown."""

    code: ErrorCode
    message: str
    traceback_id: str | None = None
    at: datetime


class TaskView(Wire):
    """A task as its owner sees it."""

    id: str
    type: str
    tenant: str
    queue: Weight
    state: TaskState
    payload: dict[str, JsonValue]
    priority: int
    run_at: datetime
    attempts: int
    max_attempts: int
    timeout_seconds: int
    cancel_requested: bool
    progress: Progress | None
    result: JsonValue
    error: TaskError | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class TaskPage(Wire):
    """`next` is the cursor of the next page, `None` on the last."""

    tasks: list[TaskView]
    next: str | None


class TaskEnded(Wire):
    """What a callback tells."""

    id: str
    type: str
    tenant: str
    state: TaskState
    attempts: int
    result: JsonValue
    error: TaskError | None
    finished_at: datetime


class QueueView(Wire):
    """`depth`: tasks that could run now. `workers`: processes that should run; `alive`: those of live workers."""

    name: Weight
    depth: int
    delayed: int
    running: int
    oldest_waiting_at: datetime | None
    workers: int | None
    alive: int


class WorkerCount(Wire):
    count: int = Field(ge=1, le=256)


class Schedule(Wire):
    """`cron`: five fields, in the time zone `zone` (IANA). Each due instant posts one task, but of several that
    passed unseen only the newest does. `task` has no idempotency key and no instant of its own."""

    name: str = Field(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]*$")
    cron: str = Field(max_length=200)
    zone: str = Field(default="UTC", max_length=64)
    task: TaskRequest
    paused: bool = False


class ScheduleView(Schedule):
    next_at: datetime | None
    last_task_id: str | None = None


class SchedulePage(Wire):
    schedules: list[ScheduleView]
    next: str | None


class TenantPurge(Wire):
    """`deleted` records in this request; `running`: tasks that were asked to stop, and stay until they have.
    `more`: it stopped at its bound. All is over once `running` is 0 and there is no more."""

    deleted: int
    running: int
    more: bool


class Context(Protocol):
    """What a handler is given beside its payload. Every method may raise `Stop`: let it pass."""

    @property
    def task_id(self) -> str: ...

    @property
    def tenant(self) -> str: ...

    @property
    def attempt(self) -> int:
        """From 1."""
        ...

    @property
    def deadline(self) -> datetime:
        """When this attempt is given up."""
        ...

    @property
    def checkpoint(self) -> JsonValue:
        """What `save` was last given, by this attempt or an earlier one; `None` at the beginning."""
        ...

    @property
    def log(self) -> Any:
        """A logger that names the tenant and the task."""
        ...

    def progress(self, done: int, total: int | None = None, message: str | None = None) -> None:
        """Tell how far it is. Cheap: written with the next heartbeat."""
        ...

    def save(self, checkpoint: JsonValue) -> None:
        """Keep, durably, what the next attempt goes on from."""
        ...

    def check(self) -> None:
        """Raise `Stop` when the task was cancelled, the worker is stopping, or the lease is lost."""
        ...


class Stop(BaseException):
    """Raised into a handler that shall end now; not for it to catch."""


class GiveUp(Exception):
    """Raised by a handler: trying again is of no use. The message is shown to whoever asked."""


Model = type[BaseModel]

Run = Callable[[Context, Any], JsonValue]
"""A plain function of the context and the payload as its model; what it returns is the task's result."""


@dataclass(frozen=True, slots=True)
class Handler:
    """Does the tasks of one type. `payload`: the model that a payload must fit, checked when it is posted."""

    type: str
    payload: Model
    run: Run
    weight: Weight = Weight.SHORT
    max_attempts: int = 5
    timeout_seconds: int = 5 * 60


@dataclass(frozen=True, slots=True)
class Plugin:
    """What an entry point of the group `taskqueue.handlers` returns when it is called.

    `handlers` may be asked for in any process. `opened` is entered once in each process that runs them, and left
    when the process ends; a handler finds what it needs there by closing over the plugin's own state.
    """

    handlers: Sequence[Handler]
    opened: Callable[[], AbstractContextManager[object]] = nullcontext


HANDLERS = "taskqueue.handlers"
"""The group of entry points."""

Handlers = Mapping[str, Handler]
