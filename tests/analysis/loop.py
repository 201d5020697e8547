"""The whole loop in one process: school, task queue and analysis platform, each its own application and store."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from office import EVERYTHING, Office, open_office
from queueing import Queue, open_queue
from school import HandClock, School, open_school
from wires import Async, Plain, Wire

from analysis.bootstrap import key_ring, plugin_by
from analysis.bootstrap import service_tokens as analysis_tokens
from analysis.settings import Settings as AnalysisSettings
from api.background import SWEEPER
from api.bootstrap import own_work, service_tokens
from api.rest.access import Scope
from api.settings import Settings
from api.worker import plugin_by as platform_plugin
from taskqueue.callbacks import Callbacks
from tp.clients.analysis import AnalysisClient
from tp.clients.taskqueue import TaskQueueClient
from trust.service_tokens import EVERY_TENANT

YEAR = timedelta(days=365)


@dataclass
class Loop:
    """`to_school`, `to_analysis` and `to_queue` are the wires over which the others reach them."""

    school: School
    queue: Queue
    office: Office
    to_school: Wire
    to_analysis: Wire
    to_queue: Wire
    clock: HandClock

    async def turn(self) -> None:
        """Let the school make its periodic pass, and the worker do all that comes of it."""
        await self.sweep()
        done: list[Any] = [True]
        while done:
            done = await self.queue.work()

    async def sweep(self) -> None:
        services = self.school.services
        await own_work(services.catalogue).sweep(services.registry.scope(self.school.tenant, SWEEPER))


@asynccontextmanager
async def open_loop(folder: Path, clock: HandClock) -> AsyncIterator[Loop]:
    """Open all of it in a folder."""
    running = asyncio.get_running_loop()
    to_school, to_analysis, to_queue = Wire(running), Wire(running), Wire(running)
    theirs, ours = AnalysisSettings(data_dir=folder), Settings(data_dir=folder)
    ring = key_ring(theirs)
    tokens = service_tokens(ours)
    assert tokens is not None
    token = tokens.issue("analysis", [scope.value for scope in Scope], [EVERY_TENANT], now=clock(), lifetime=YEAR)
    reading = theirs.model_copy(update={"tp_url": "http://tp.test", "tp_token": _secret(token)})
    asking = analysis_tokens(theirs).issue("tp", EVERYTHING, [EVERY_TENANT], now=clock(), lifetime=YEAR)

    def client(_: Settings | None = None) -> AnalysisClient:
        return AnalysisClient("http://analysis.test", asking, Async(to_analysis), lambda: clock().timestamp())

    plugins = [
        platform_plugin(lambda: ours, clock, client, lambda _: asking_queue(queue, to_queue)),
        plugin_by(lambda: reading, clock, Plain(to_school)),
        Callbacks(ring, lambda _: True, clock, Plain(to_school)).plugin(),
    ]
    queue = open_queue(folder, clock, plugins, lambda _: True)
    office = open_office(folder, clock, queue)
    school = await open_school(ours, "oakwood", clock, queue=asking_queue(queue, to_queue), analysis=client())
    to_school.app, to_analysis.app, to_queue.app = school.app, office.app, queue.app
    with queue.plugin.opened():
        yield Loop(school, queue, office, to_school, to_analysis, to_queue, clock)
    await school.client.aclose()
    await school.services.close()
    for close in office.service.closers:
        await close()
    await queue.store.close()


def asking_queue(queue: Queue, wire: Wire) -> TaskQueueClient:
    return TaskQueueClient("http://queue.test", queue.token, Async(wire))


def _secret(text: str) -> Any:
    return AnalysisSettings(tp_token=text).tp_token  # type: ignore[arg-type]
