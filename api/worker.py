"""The platform in a worker of the task queue: composed there once a process, after the fork."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from api.asgi import utc_now
from api.bootstrap import Services, analysis_platform, open_services, task_queue
from api.settings import Settings
from store.loop_thread import LoopThread
from taskqueue.contract import Plugin
from tp.clients.analysis import AnalysisClient
from tp.clients.taskqueue import TaskQueueClient
from tp.clock import Clock
from tp.tasks.handlers import handlers
from tp.tasks.workshop import Workshop


def plugin() -> Plugin:
    """Return the platform's handlers: the entry point `tp` of the group `taskqueue.handlers`."""
    return plugin_by(Settings)


def plugin_by(
    settings: Callable[[], Settings],
    clock: Clock = utc_now,
    analysis: Callable[[Settings], AnalysisClient | None] = analysis_platform,
    queue: Callable[[Settings], TaskQueueClient | None] = task_queue,
) -> Plugin:
    """Return the handlers; the store is opened, by the settings as they then are, only where tasks are done.
    `analysis` and `queue` make the clients of other services."""
    workshops: list[Workshop] = []

    @contextmanager
    def opened() -> Iterator[None]:
        with LoopThread("tp-tasks").running() as loop:
            in_force = settings()
            services = loop.run(_opened(in_force, clock, analysis, queue))
            try:
                folder = in_force.data_dir / "exports"
                workshops.append(Workshop(loop, services.registry, services.catalogue, services.purging, folder))
                yield
            finally:
                workshops.clear()
                loop.run(services.close())

    return Plugin(handlers(lambda: workshops[0]), opened)


async def _opened(
    settings: Settings,
    clock: Clock,
    analysis: Callable[[Settings], AnalysisClient | None],
    queue: Callable[[Settings], TaskQueueClient | None],
) -> Services:
    """Open the services on the loop that they are used on."""
    return open_services(settings, clock, queue=queue(settings), analysis=analysis(settings))
