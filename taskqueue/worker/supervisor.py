"""The supervising process of a worker: keeps its nodes running, sends their heartbeats, follows the settings."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from time import monotonic
from typing import Any

import structlog

from asgi.periodic import Periodic
from store.errors import StoreError
from store.port import Namespace
from taskqueue.celery_app import PROVE, direct_queue
from taskqueue.contract import Weight
from taskqueue.picking import Picker
from taskqueue.publishing import Message, Publisher
from taskqueue.ringing import Doorbell
from taskqueue.tables import NODES, SETTINGS, Node
from taskqueue.worker import liveness
from taskqueue.worker.child import owner_of
from taskqueue.worker.leases import give_back
from taskqueue.worker.node_process import NodeProcess
from taskqueue.worker.share import share
from trust.clock import Clock

KILL_SECONDS = 3.0
"""Beyond the grace of its handlers that a node has to end."""

DEAF_BEATS = 2 * liveness.BEATS
"""Missed so many while the broker answers and no task runs, a node is started anew."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Pace:
    """In seconds: between two heartbeats, between two looks at the settings, and for handlers to hand back."""

    beat: float
    follow: float
    shutdown_grace: float


class Supervisor:
    """`processes`: how many each queue's node runs while no setting says otherwise."""

    def __init__(
        self,
        processes: Mapping[Weight, int],
        *,
        host: str,
        token: str,
        records: Namespace,
        picker: Picker,
        doorbell: Doorbell,
        publisher: Publisher,
        sweep: Callable[[], Coroutine[Any, Any, None]],
        pace: Pace,
        now: Clock,
    ) -> None:
        self._default = processes
        self._records = records
        self._picker = picker
        self._doorbell = doorbell
        self._publisher = publisher
        self._sweep = sweep
        self._pace = pace
        self._now = now
        self._nodes: Sequence[NodeProcess] = [
            NodeProcess(liveness.node_name(queue, host, token), queue, count, self._give_back)
            for queue, count in processes.items()
        ]

    async def run(self, until: asyncio.Event) -> None:
        """Work until the event is set; then let the nodes hand their work back."""
        await self._follow()
        keeping = [asyncio.create_task(node.keep()) for node in self._nodes]
        work = [
            *(
                asyncio.create_task(every(self._pace.beat, "beat", partial(self._beat, node)))
                for node in self._nodes
            ),
            asyncio.create_task(every(self._pace.follow, "follow", self._follow)),
            asyncio.create_task(self._sweep()),
        ]
        asked = asyncio.create_task(until.wait())
        try:
            ended, _ = await asyncio.wait([asked, *keeping, *work], return_when=asyncio.FIRST_COMPLETED)
            for task in ended:
                task.result()
        finally:
            await asyncio.gather(*(node.stop(self._pace.shutdown_grace + KILL_SECONDS) for node in self._nodes))
            await asyncio.gather(*keeping, return_exceptions=True)
            for task in (asked, *work):
                task.cancel()
            await asyncio.gather(*work, return_exceptions=True)
        await liveness.forget(self._records, [node.name for node in self._nodes])

    async def _follow(self) -> None:
        """Have each node run its part of what the settings want."""
        now = self._now()
        for node in self._nodes:
            known = await liveness.nodes(self._records, node.queue)
            setting = SETTINGS.found(await self._records.get(SETTINGS.key(node.queue)))
            wanted = self._default[node.queue]
            if setting is not None:
                wanted = share(setting.workers, self._alive(known), node.name)
            node.resize(wanted)
            await liveness.forget(
                self._records, [each.name for each in known if now - each.proved_at > liveness.FORGOTTEN_AFTER]
            )

    def _alive(self, known: Sequence[Node]) -> set[str]:
        return {each.name for each in known if liveness.alive(each, self._now(), self._pace.beat)}

    async def _beat(self, node: NodeProcess) -> None:
        """Send a heartbeat through the broker; speak for a node too busy to hear it; end one that should hear."""
        silent = await self._silent(node)
        if silent > self._pace.beat * (liveness.BEATS - 1):
            works = await liveness.prove_by_work(self._records, node.name, node.queue, node.processes, self._now())
            if not works and silent > self._pace.beat * DEAF_BEATS and await self._broker_answers(node.queue):
                log.error("node_deaf", node=node.name, seconds=silent)
                await node.restart(self._pace.shutdown_grace + KILL_SECONDS)
                return
        beat = Message(PROVE, (node.processes,), direct_queue(node.name), expires=liveness.BEATS * self._pace.beat)
        self._publisher.send(beat)

    async def _silent(self, node: NodeProcess) -> float:
        """Return for how many seconds a node that should hear has proved nothing."""
        if node.ready_at is None:
            return 0.0
        ready = monotonic() - node.ready_at
        proved = NODES.found(await self._records.get(NODES.key(node.name)))
        return ready if proved is None else min(ready, (self._now() - proved.proved_at).total_seconds())

    async def _broker_answers(self, queue: Weight) -> bool:
        return await asyncio.to_thread(self._doorbell.waiting, queue) is not None

    async def _give_back(self, node: NodeProcess, process: int | None) -> None:
        """Return at once what a process that is gone was at work on, or all processes of a node."""
        gone = f"{node.name}/" if process is None else owner_of(node.name, process)

        def fits(owner: str) -> bool:
            return owner.startswith(gone) if process is None else owner == gone

        try:
            given = await give_back(self._records, self._picker, fits, self._now())
        except StoreError as error:
            log.warning("leases_run_out_instead", node=node.name, error=str(error))
            return
        log.info("lost_attempts_given_back", node=node.name, process=process, tasks=given)


async def every(seconds: float, name: str, work: Callable[[], Awaitable[None]]) -> None:
    """Do something now, and again about every so many seconds."""
    again = Periodic(name, timedelta(seconds=seconds), work)
    with suppress(StoreError):
        await work()
    await again()
