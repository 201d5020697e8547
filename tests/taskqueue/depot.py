"""A task queue on a real store, with a clock that is set by hand and a bell that counts its rings."""

from __future__ import annotations

import asyncio
import itertools
import os
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from store.datastore import DatastoreStore
from store.port import Namespace, Store
from store.sqlite import SqliteStore
from taskqueue.callback_hosts import CallbackHosts
from taskqueue.callbacks import Callbacks
from taskqueue.contract import Context, Handler, Plugin, TaskRequest, Weight
from taskqueue.handlers import handlers_of
from taskqueue.lead import Lead
from taskqueue.picking import Picker
from taskqueue.queue import TaskQueue
from taskqueue.rest.access import AUDIENCE, Scope
from taskqueue.rest.app import create_app
from taskqueue.rest.service import Service
from taskqueue.schedules import Schedules
from taskqueue.settings import Settings
from taskqueue.sweeper import Sweeper
from taskqueue.tables import KINDS, TASKS, Task
from trust.keys import KeyRing, SigningKey
from trust.service_tokens import ServiceTokens

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LEASE_SECONDS = 20.0
LEAD = timedelta(seconds=10)
KEEP = timedelta(days=30)
HOSTS = ("127.0.0.1", "hooks.example.org")


class Note(BaseModel):
    """The payload of `demo.note`: `at` is a text in JSON, as instants are."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(max_length=300_000)
    at: datetime | None = None
    more: JsonValue = None


class Anything(BaseModel):
    model_config = ConfigDict(extra="allow")


def nothing(_: Context, __: Any) -> JsonValue:
    return None


HANDLERS = [
    Handler("demo.note", Note, nothing, max_attempts=3, timeout_seconds=60),
    Handler("demo.report", Anything, nothing, weight=Weight.HEAVY),
]


@dataclass
class HandClock:
    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> datetime:
        self.now += timedelta(**by)
        return self.now


@dataclass
class Bell:
    """Counts. `lying` is what a broker would tell that nobody has heard; `None` of one that is away."""

    rung: Counter[Weight] = field(default_factory=Counter)
    lying: int | None = 0
    _heard: asyncio.Event = field(default_factory=asyncio.Event)

    def ring(self, queue: Weight, times: int = 1) -> None:
        self.rung[queue] += times
        self._heard.set()

    async def rung_in_all(self, times: int) -> None:
        """Return when that many rings were counted."""
        while self.rung.total() < times:
            self._heard.clear()
            await self._heard.wait()

    def waiting(self, _: Weight) -> int | None:
        return self.lying


class Depot:
    def __init__(self, store: Store, records: Namespace, ring: KeyRing) -> None:
        self.store = store
        self.records = records
        self.ring = ring
        self.clock = HandClock()
        self.bell = Bell()
        self.hosts = CallbackHosts(HOSTS)
        self.callbacks = Callbacks(ring, self.hosts.admits, self.clock).plugin()
        self.handlers = handlers_of([Plugin(HANDLERS), self.callbacks])
        self.queue = TaskQueue(records, self.handlers, self.hosts.admits, self.bell, os.urandom)
        self.schedules = Schedules(records, self.queue)
        self.tokens = ServiceTokens(ring, AUDIENCE, os.urandom)
        self._numbers = itertools.count()

    def picker(self, jitter: float = 0.0) -> Picker:
        return Picker(self.records, self.bell, LEASE_SECONDS, lambda: jitter)

    def sweeper(self, owner: str = "sweeper", most: int = 1_000) -> Sweeper:
        lead = Lead(self.records, owner, LEAD)
        return Sweeper(self.records, self.queue, self.schedules, self.bell, lead, lambda: 0.0, KEEP, most=most)

    async def post(self, tenant: str = "oakwood", **fields: Any) -> Task:
        """Post a note, unless the fields say otherwise."""
        request = {"type": "demo.note", "payload": {"text": f"note {next(self._numbers)}"}, **fields}
        task, _ = await self.queue.post(TaskRequest(tenant=tenant, **request), self.clock.now)
        return task

    async def task(self, id: str) -> Task:
        task = TASKS.found(await self.records.get(TASKS.key(id)))
        assert task is not None
        return task

    async def picked(self, queue: Weight = Weight.SHORT, owner: str = "worker") -> Task:
        task = await self.picker().pick(queue, owner, self.clock.now)
        assert task is not None
        return task

    def token(
        self,
        scopes: Sequence[Scope] = tuple(Scope),
        tenants: Sequence[str] = ("*",),
        lifetime: timedelta = timedelta(days=30),
    ) -> str:
        return self.tokens.issue("tp", scopes, tenants, now=self.clock.now, lifetime=lifetime)

    @asynccontextmanager
    async def client(self, token: str | None = None, **settings: Any) -> AsyncIterator[httpx.AsyncClient]:
        """Give a client of the REST interface; with a token of every scope and tenant unless one is given."""
        service = Service(self.queue, self.schedules, self.tokens, self.clock, self.store.ready)
        app = create_app(Settings(**settings), service)
        headers = {"Authorization": f"Bearer {self.token() if token is None else token}"}
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://tasks", headers=headers) as client:
            yield client


def sqlite_depot(directory: Path) -> Depot:
    store = SqliteStore(directory / "store", KINDS)
    return Depot(store, store.namespace("taskqueue"), key_ring())


def datastore_depot(host: str) -> Depot:
    """Open a depot in a namespace that no other test uses."""
    store = DatastoreStore("tp-test", KINDS, emulator_host=host)
    return Depot(store, store.namespace(f"taskqueue-{secrets.token_hex(6)}"), key_ring())


def key_ring() -> KeyRing:
    return KeyRing([SigningKey(kid="test", secret=b"k" * 32)])
