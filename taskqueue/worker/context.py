"""What a handler is given beside its payload."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import structlog
from pydantic import JsonValue

from taskqueue.contract import Progress, Stop
from taskqueue.tables import Task
from taskqueue.worker.fitting import as_json
from taskqueue.worker.record import Record
from taskqueue.worker.watch import Watch

log = structlog.get_logger("taskqueue.handler")


class HandlerContext:
    """The `Context` of one attempt. `keep` writes a checkpoint durably, and returns when that is done."""

    def __init__(
        self, task: Task, deadline: datetime, record: Record, watch: Watch, keep: Callable[[JsonValue], None]
    ) -> None:
        self._task = task
        self._record = record
        self._deadline = deadline
        self._watch = watch
        self._keep = keep
        self._checkpoint = task.checkpoint
        self._log = log.bind(tenant=task.tenant, task_id=task.id, task_type=task.type)

    @property
    def task_id(self) -> str:
        return self._task.id

    @property
    def tenant(self) -> str:
        return self._task.tenant

    @property
    def attempt(self) -> int:
        return self._task.attempts

    @property
    def deadline(self) -> datetime:
        return self._deadline

    @property
    def checkpoint(self) -> JsonValue:
        return self._checkpoint

    @property
    def log(self) -> Any:
        return self._log

    def progress(self, done: int, total: int | None = None, message: str | None = None) -> None:
        """Tell how far it is. Raises pydantic's ValidationError for what is no progress."""
        self.check()
        self._record.progress = Progress(done=done, total=total, message=message)

    def save(self, checkpoint: JsonValue) -> None:
        """Keep a checkpoint. Raises DoesNotFit when it is not JSON, or too large."""
        self.check()
        kept = as_json(checkpoint)
        self._keep(kept)
        self._checkpoint = kept
        self.check()

    def check(self) -> None:
        """Raise `Stop` when this attempt has to end."""
        if self._watch.why is not None:
            raise Stop
