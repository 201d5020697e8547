"""The composition root of the task queue: the only place that names adapters and puts the service together."""

from __future__ import annotations

import asyncio
import os
import random
from datetime import timedelta

from fastapi import FastAPI

from asgi.logs import configure_logging
from store import opening
from store.port import Namespace, Store
from taskqueue.broker import broker_at
from taskqueue.callback_hosts import CallbackHosts
from taskqueue.callbacks import Callbacks
from taskqueue.celery_app import VISIBILITY_SECONDS, make_app
from taskqueue.contract import Plugin
from taskqueue.doorbell import CeleryDoorbell
from taskqueue.handlers import handlers_of, installed_plugins
from taskqueue.lead import Lead
from taskqueue.queue import TaskQueue
from taskqueue.rest.access import AUDIENCE
from taskqueue.rest.app import create_app
from taskqueue.rest.service import Service
from taskqueue.ringing import Doorbell
from taskqueue.schedules import Schedules
from taskqueue.settings import Settings
from taskqueue.sweeper import Sweeper
from taskqueue.sweeping import Sweeping
from taskqueue.tables import KINDS, NAMESPACE
from trust.clock import Clock, utc_now
from trust.keys import SERVICE_KEY_FILE, KeyRing, generated_key_ring, read_key_ring
from trust.service_tokens import ServiceTokens

KEY_FILE = SERVICE_KEY_FILE
LEAD_BYTES = 8
LEAD_SWEEPS = 2
"""After so many without a sign of its holder the lead is anybody's."""


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
        raise Misconfigured("set TASKQUEUE_KEYS: every process must sign with the same keys")
    return generated_key_ring(settings.data_dir, os.urandom, KEY_FILE)


def service_tokens(settings: Settings) -> ServiceTokens:
    """Return what issues and verifies this service's tokens. Raises Misconfigured, KeyRingInvalid."""
    return ServiceTokens(key_ring(settings), AUDIENCE, os.urandom)


def plugins(settings: Settings) -> list[Plugin]:
    """Return the installed plugins, and the built-in one. Raises DuplicateHandler, Misconfigured."""
    hosts = CallbackHosts(settings.callback_hosts)
    return [
        Callbacks(key_ring(settings), hosts.admits, utc_now).plugin(),
        *installed_plugins(only=settings.plugins),
    ]


def open_queue(settings: Settings, records: Namespace, doorbell: Doorbell) -> TaskQueue:
    """Return the use cases over the records."""
    hosts = CallbackHosts(settings.callback_hosts)
    return TaskQueue(records, handlers_of(plugins(settings)), hosts.admits, doorbell, os.urandom)


def sweeper(settings: Settings, records: Namespace, doorbell: Doorbell, clock: Clock = utc_now) -> Sweeping:
    """Return what sweeps until it is cancelled, for a process that serves no requests."""
    return _sweeping(settings, records, open_queue(settings, records, doorbell), doorbell, clock)


def open_service(settings: Settings) -> Service:
    """Put together what one process of the REST service serves."""
    store = open_store(settings)
    records = store.namespace(NAMESPACE)
    doorbell = CeleryDoorbell(make_app(broker_at(settings.broker, settings.data_dir, VISIBILITY_SECONDS)))
    queue = open_queue(settings, records, doorbell)

    async def close_doorbell() -> None:
        await asyncio.to_thread(doorbell.close)

    return Service(
        queue=queue,
        schedules=Schedules(records, queue),
        tokens=service_tokens(settings),
        clock=utc_now,
        ready=store.ready,
        tasks=[_sweeping(settings, records, queue, doorbell, utc_now)],
        closers=[close_doorbell, store.close],
    )


def server() -> FastAPI:
    """Return the application by the environment's settings: what uvicorn calls in each of its processes."""
    settings = Settings()
    configure_logging(settings.log_format_used, settings.log_level)
    return create_app(settings, open_service(settings))


def _sweeping(
    settings: Settings, records: Namespace, queue: TaskQueue, doorbell: Doorbell, clock: Clock
) -> Sweeping:
    lead = Lead(records, os.urandom(LEAD_BYTES).hex(), timedelta(seconds=LEAD_SWEEPS * settings.sweep_seconds))
    once = Sweeper(records, queue, Schedules(records, queue), doorbell, lead, random.random, settings.keep)
    return Sweeping(once, settings.sweep_every, clock)
