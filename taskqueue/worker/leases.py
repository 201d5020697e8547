"""The leases of this worker's processes, as the records tell."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import datetime

from store.port import Namespace, Query, Range
from taskqueue.contract import ErrorCode, TaskError
from taskqueue.picking import Picker
from taskqueue.tables import TASKS, Task, second

PAGE = 100


async def held(records: Namespace, by: Callable[[str], bool], since: datetime) -> AsyncIterator[Task]:
    """Give the running tasks whose lease lasts beyond an instant and whose owner fits."""
    cursor = None
    while True:
        leases = Range("lease", at_least=second(since))
        page = await records.query(Query(TASKS.kind.name, range=leases, limit=PAGE, cursor=cursor))
        for task in TASKS.records(page.entities):
            if task.lease is not None and by(task.lease.owner):
                yield task
        cursor = page.next
        if cursor is None:
            return


async def give_back(records: Namespace, picker: Picker, by: Callable[[str], bool], now: datetime) -> int:
    """Fail, as lost with their worker, the attempts of owners that are known to be gone; return how many."""
    given = 0
    async for task in held(records, by, now):
        assert task.lease is not None
        error = TaskError(code=ErrorCode.WORKER_LOST, message="the worker's process ended", at=now)
        await picker.end_failed(task.id, task.lease.owner, error, now)
        given += 1
    return given
