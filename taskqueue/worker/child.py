"""What a process of a node does with the rings it hears."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

from store.errors import StoreError
from store.port import Namespace, Put, Store
from taskqueue.contract import Weight
from taskqueue.doorbell import CeleryDoorbell
from taskqueue.picking import Picker
from taskqueue.tables import NODES, Node
from taskqueue.worker.attempt import Attempt
from taskqueue.worker.interrupts import Interrupts
from taskqueue.worker.leaving import Leaving
from taskqueue.worker.limits import Limits
from taskqueue.worker.plugins import Plugins
from taskqueue.worker.record import Record
from taskqueue.worker.runtime import Runtime
from taskqueue.worker.stopping import Stopping
from taskqueue.worker.watch import Watch
from trust.clock import Clock

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Opened:
    """What a process opens for itself, on its loop."""

    store: Store
    records: Namespace
    picker: Picker
    doorbell: CeleryDoorbell
    plugins: Plugins

    async def close(self) -> None:
        self.doorbell.close()
        await self.store.close()


def owner_of(node: str, process: int) -> str:
    """Return the name under which a process of a node holds leases."""
    return f"{node}/{process}"


class Child:
    """Made before the fork, opened after it by the first ring."""

    def __init__(
        self,
        node: str,
        queue: Weight,
        open_: Callable[[], Awaitable[Opened]],
        limits: Limits,
        stopping: Stopping,
        now: Clock,
    ) -> None:
        self._node = node
        self._queue = queue
        self._runtime = Runtime(open_)
        self._limits = limits
        self._stopping = stopping
        self._now = now
        self._signals: tuple[Interrupts, Leaving] | None = None

    def ring(self, queue: str) -> None:
        """Run one task that waits, if there is any."""
        if self._stopping.asked():
            return
        if self._signals is None:
            self._signals = Interrupts(), Leaving()
        interrupts, leaving = self._signals
        with leaving.afterwards():
            self._run_one(Weight(queue), interrupts)

    def _run_one(self, queue: Weight, interrupts: Interrupts) -> None:
        owner = owner_of(self._node, os.getpid())
        try:
            opened = self._runtime.opened()
            task = self._runtime.call(opened.picker.pick(queue, owner, self._now()))
        except StoreError as error:
            log.warning("nothing_picked", queue=queue.value, error=str(error))
            return
        if task is None:
            return
        record = Record(task, owner, opened.picker, self._now, self._limits.lease)
        watch = Watch(task, record, self._limits, self._stopping.asked, interrupts.interrupt)
        Attempt(task, opened.plugins, record, watch, self._runtime, interrupts).make()

    def prove(self, processes: int) -> None:
        """Record that this node hears and works."""
        try:
            opened = self._runtime.opened()
            proof = Node(name=self._node, queue=self._queue, processes=processes, proved_at=self._now())
            self._runtime.call(opened.records.commit([Put(NODES.entity(proof))]))
        except StoreError as error:
            log.warning("node_not_proved", node=self._node, error=str(error))

    def close(self) -> None:
        """Leave the plugins and close the store, if this process has opened them."""
        if self._runtime.is_open:
            self._runtime.opened().plugins.close()
        self._runtime.close()
