"""How long one tenant's task waits behind another's ten thousand, in picks."""

from __future__ import annotations

import random
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.taskqueue.plugin import NOOP, plugin
from store.port import Insert, Namespace
from store.sqlite import SqliteStore
from taskqueue.contract import TaskRequest, Weight
from taskqueue.handlers import handlers_of
from taskqueue.picking import Picker
from taskqueue.posting import posted
from taskqueue.tables import KINDS, NAMESPACE, TASKS, Task
from trust.clock import utc_now

WAITING = 10_000
SERVED_BEFORE = 50
LEASE_SECONDS = 60.0
_MANY, _ONE = "many", "one"
_A_COMMIT = 500


@dataclass(frozen=True, slots=True)
class Fairness:
    """`picks`: until the one task is picked, by a process at work and by a new one; `pick`: milliseconds each."""

    waiting: int
    picks: int
    picks_of_new: int
    pick: float


class _Silent:
    def ring(self, queue: Weight, times: int = 1) -> None: ...

    def waiting(self, queue: Weight) -> int | None:
        return None


async def measure_fairness(directory: Path) -> Fairness:
    """Let a process pick from the line of one tenant's many tasks, then post another tenant's one, twice."""
    store = SqliteStore(directory, KINDS)
    try:
        records = store.namespace(NAMESPACE)
        await _post(records, [_MANY] * WAITING)
        picker, taken = _picker(records), list[float]()
        for _ in range(SERVED_BEFORE):
            began = time.perf_counter()
            await _pick(picker)
            taken.append((time.perf_counter() - began) * 1000)
        await _post(records, [_ONE])
        picks = await _picks_until_one(picker)
        await _post(records, [_ONE])
        return Fairness(WAITING, picks, await _picks_until_one(_picker(records)), median(taken))
    finally:
        await store.close()


def _picker(records: Namespace) -> Picker:
    return Picker(records, _Silent(), LEASE_SECONDS, random.random)


async def _pick(picker: Picker) -> Task:
    task = await picker.pick(Weight.SHORT, "bench", utc_now())
    assert task is not None
    return task


async def _picks_until_one(picker: Picker) -> int:
    picks = 1
    while (await _pick(picker)).tenant != _ONE:
        picks += 1
    return picks


async def _post(records: Namespace, tenants: Sequence[str]) -> None:
    handlers = handlers_of([plugin()])
    inserts = [
        Insert(
            TASKS.entity(
                posted(
                    TaskRequest(type=NOOP, tenant=tenant),
                    handlers,
                    lambda _: False,
                    utc_now(),
                    secrets.token_bytes,
                )
            )
        )
        for tenant in tenants
    ]
    for start in range(0, len(inserts), _A_COMMIT):
        await records.commit(inserts[start : start + _A_COMMIT])
