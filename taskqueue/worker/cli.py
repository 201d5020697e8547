"""The commands `taskqueue worker` and `taskqueue health`."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import socket
from contextlib import suppress
from typing import Annotated

import typer

from asgi.logs import configure_logging
from taskqueue.bootstrap import open_store, sweeper
from taskqueue.celery_app import make_app
from taskqueue.contract import Weight
from taskqueue.doorbell import CeleryDoorbell
from taskqueue.picking import Picker
from taskqueue.publishing import Publisher
from taskqueue.settings import Settings
from taskqueue.tables import NAMESPACE
from taskqueue.worker.liveness import healthy
from taskqueue.worker.opening import broker_of
from taskqueue.worker.supervisor import Pace, Supervisor
from trust.clock import utc_now

TOKEN_BYTES = 3
STOPPING_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def worker(
    queues: Annotated[str, typer.Option(help="Queues to work on, comma-separated.")] = "short,heavy",
    concurrency: Annotated[int, typer.Option(min=1, max=256, help="Processes for each queue.")] = 2,
) -> None:
    """Run tasks until a signal comes; work that cannot be finished in time is handed back."""
    settings = Settings()
    configure_logging(settings.log_format_used, settings.log_level)
    asyncio.run(_work(settings, dict.fromkeys(_weights(queues), concurrency)))


def health(
    queue: Annotated[Weight, typer.Option(help="The queue to ask about.")],
) -> None:
    """Tell by the exit status, 0 or 1, whether a worker on this host works on a queue."""
    if not asyncio.run(_is_healthy(Settings(), queue)):
        raise typer.Exit(1)


async def _work(settings: Settings, processes: dict[Weight, int]) -> None:
    until = asyncio.Event()
    for each in STOPPING_SIGNALS:
        asyncio.get_running_loop().add_signal_handler(each, until.set)
    store = open_store(settings)
    app = make_app(broker_of(settings))
    doorbell, publisher = CeleryDoorbell(app), Publisher(app)
    records = store.namespace(NAMESPACE)
    try:
        await Supervisor(
            processes,
            host=socket.gethostname(),
            token=os.urandom(TOKEN_BYTES).hex(),
            records=records,
            picker=Picker(records, doorbell, settings.lease_seconds, random.random),
            doorbell=doorbell,
            publisher=publisher,
            sweep=sweeper(settings, records, doorbell),
            pace=Pace(settings.beat_seconds, settings.sweep_seconds, settings.drain_seconds),
            now=utc_now,
        ).run(until)
    finally:
        publisher.close()
        doorbell.close()
        await store.close()


async def _is_healthy(settings: Settings, queue: Weight) -> bool:
    store = open_store(settings)
    try:
        records = store.namespace(NAMESPACE)
        return await healthy(records, queue, socket.gethostname(), utc_now(), settings.beat_seconds)
    finally:
        await store.close()


def _weights(names: str) -> list[Weight]:
    found: list[Weight] = []
    for name in names.split(","):
        with suppress(ValueError):
            found.append(Weight(name.strip()))
            continue
        raise typer.BadParameter(f"{name!r} is no queue: choose of {', '.join(Weight)}", param_hint="--queues")
    return found
