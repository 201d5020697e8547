"""The composition root of the analysis platform: the only place that names adapters and puts it together."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
from fastapi import FastAPI

from analysis.desk import Desk
from analysis.links import Links
from analysis.pulling.source import Source
from analysis.queue_client import QueueClient
from analysis.rest.access import AUDIENCE
from analysis.rest.app import create_app
from analysis.rest.service import Service
from analysis.settings import Settings
from analysis.tables import KINDS
from analysis.tasks import Works, handlers
from asgi.logs import configure_logging
from store import opening
from store.loop_thread import LoopThread
from store.port import Store
from taskqueue.contract import Plugin
from trust.clock import Clock, utc_now
from trust.keys import SERVICE_KEY_FILE, KeyRing, generated_key_ring, read_key_ring
from trust.service_tokens import ServiceTokens


class Misconfigured(Exception):
    """The settings cannot be served with; the message says which, and what to do."""


def open_store(settings: Settings) -> Store:
    """Return the store that the settings name. It is released by its `close`."""
    return opening.open_store(settings.store, settings.data_dir, KINDS, settings.datastore_emulator_host)


def key_ring(settings: Settings) -> KeyRing:
    """Return the keys of the settings, or those made for the data folder. Raises Misconfigured, KeyRingInvalid."""
    if settings.keys is not None:
        return read_key_ring(settings.keys.get_secret_value())
    if not settings.embedded:
        raise Misconfigured("set ANALYSIS_KEYS: every process must sign with the same keys")
    return generated_key_ring(settings.data_dir, os.urandom, SERVICE_KEY_FILE)


def service_tokens(settings: Settings) -> ServiceTokens:
    """Return what issues and verifies this service's tokens. Raises Misconfigured, KeyRingInvalid."""
    return ServiceTokens(key_ring(settings), AUDIENCE, os.urandom)


def queue_client(settings: Settings, transport: httpx.AsyncBaseTransport | None = None) -> QueueClient:
    """Return a client of the task queue. Raises Misconfigured."""
    if settings.taskqueue_url is None or settings.taskqueue_token is None:
        raise Misconfigured(
            "set ANALYSIS_TASKQUEUE_URL and ANALYSIS_TASKQUEUE_TOKEN: the task queue does the work"
        )
    return QueueClient(settings.taskqueue_url, settings.taskqueue_token.get_secret_value(), transport)


def source(settings: Settings, transport: httpx.BaseTransport | None = None) -> Source:
    """Return the test platform as reports are made from it. Raises Misconfigured."""
    if settings.tp_url is None or settings.tp_token is None:
        raise Misconfigured("set ANALYSIS_TP_URL and ANALYSIS_TP_TOKEN: what is analysed comes from there")
    return Source(settings.tp_url, settings.tp_token.get_secret_value(), transport)


def open_service(
    settings: Settings, clock: Clock = utc_now, transport: httpx.AsyncBaseTransport | None = None
) -> Service:
    """Put together what one process serves; `transport` leads to the task queue. Raises Misconfigured."""
    if settings.tp_url is None:
        raise Misconfigured("set ANALYSIS_TP_URL: the test platform is told there of the end of each report")
    queue = queue_client(settings, transport)
    store = open_store(settings)
    return Service(
        desk=Desk(store, queue, settings.tp_url),
        tokens=service_tokens(settings),
        links=Links(key_ring(settings), os.urandom, settings.links_at),
        clock=clock,
        ready=store.ready,
        closers=[queue.close, store.close],
    )


def server() -> FastAPI:
    """Return the application by the environment's settings: what uvicorn calls in each of its processes."""
    settings = Settings()
    configure_logging(settings.log_format_used, settings.log_level)
    return create_app(settings, open_service(settings))


def plugin() -> Plugin:
    """Return the handlers: the entry point `analysis` of the group `taskqueue.handlers`."""
    return plugin_by(Settings)


def plugin_by(
    settings: Callable[[], Settings], clock: Clock = utc_now, transport: httpx.BaseTransport | None = None
) -> Plugin:
    """Return the handlers; the store is opened, by the settings as they then are, only where tasks are done."""
    opened: list[Works] = []

    @contextmanager
    def entered() -> Iterator[None]:
        with LoopThread("analysis-tasks").running() as loop:
            in_force = settings()
            store = loop.run(_store(in_force))
            try:
                opened.append(Works(loop, store, lambda: source(in_force, transport), clock))
                yield
            finally:
                opened.clear()
                loop.run(store.close())

    return Plugin(handlers(lambda: opened[0]), entered)


async def _store(settings: Settings) -> Store:
    """Open the store on the loop that it is used on."""
    return open_store(settings)
