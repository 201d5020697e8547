"""The composition root: the only place that names adapters and puts the platform together."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

from starlette.applications import Starlette

from api.asgi import Platform, create_app, utc_now
from api.auth import Call
from api.background import EachTenant
from api.settings import Settings
from api.sweeps import Doorbell, sweep
from asgi.logs import configure_logging
from asgi.periodic import Periodic
from resolvers.context import Context
from schema.schema import graphql_schema
from store.datastore import DatastoreStore
from store.port import Kind, Store
from store.sqlite import SqliteStore
from tenants import kinds as tenant_kinds
from tenants.registry import PLATFORM, TenantRegistry
from tp import tables
from tp.clock import Clock
from tp.services import audit
from tp.services.catalogue import Catalogue, compose
from tp.services.identity.login import LoginService
from tp.services.identity.passwords import Passwords
from tp.services.identity.tokens import Tokens
from tp.services.people import records
from tp.services.people.creation import UserCreation
from tp.services.people.credentials import Credentials
from trust.keys import KeyRing, generated_key_ring, read_key_ring

KINDS: tuple[Kind, ...] = (*tenant_kinds.KINDS, *records.KINDS, *audit.KINDS, *tables.KINDS)
"""Every kind that the platform keeps."""


SCHEMA = graphql_schema
"""The contract that is served, and that `tp schema` prints."""


class Misconfigured(Exception):
    """The settings cannot be served with; the message says which, and what to do."""


@dataclass(frozen=True)
class Services:
    """What the doors are served by: the server, and the commands that need no server."""

    store: Store
    registry: TenantRegistry
    tokens: Tokens
    passwords: Passwords
    catalogue: Catalogue

    async def close(self) -> None:
        """Release the store and the threads."""
        await self.store.close()
        self.passwords.close()


def open_store(settings: Settings) -> Store:
    """Return the store that the settings name."""
    adapter, _, place = settings.store.partition(":")
    if adapter == "sqlite":
        return SqliteStore(settings.data_dir / "store", KINDS)
    project, _, database = place.partition("/")
    return DatastoreStore(project, KINDS, emulator_host=settings.datastore_emulator_host, database=database)


def key_ring(settings: Settings) -> KeyRing:
    """Return the keys of the settings, or in development those made for the data folder. Raises Misconfigured."""
    if settings.signing_keys is not None:
        return read_key_ring(settings.signing_keys.get_secret_value())
    if not settings.development:
        raise Misconfigured("set TP_SIGNING_KEYS: in production every process must sign with the same keys")
    return generated_key_ring(settings.data_dir, os.urandom)


def open_services(settings: Settings, clock: Clock = utc_now, store: Store | None = None) -> Services:
    """Put the services together on an open store, or on the one that the settings name.

    Raises Misconfigured, KeyRingInvalid.
    """
    store = store or open_store(settings)
    registry = TenantRegistry(store.namespace(PLATFORM), store, clock)
    tokens = Tokens(key_ring(settings), os.urandom)
    passwords = Passwords()
    return Services(
        store=store,
        registry=registry,
        tokens=tokens,
        passwords=passwords,
        catalogue=compose(
            LoginService(registry, passwords, tokens),
            UserCreation(passwords, os.urandom),
            Credentials(passwords, os.urandom),
            clock,
            os.urandom,
        ),
    )


@asynccontextmanager
async def services(settings: Settings) -> AsyncIterator[Services]:
    """Open the services for a command, and close them."""
    opened = open_services(settings)
    try:
        yield opened
    finally:
        await opened.close()


def platform(opened: Services, settings: Settings) -> Platform:
    """Put everything together that one server process serves."""
    sweeping = opened.catalogue.sweeping
    doorbell = Doorbell(opened.registry, sweeping)
    every_tenant = EachTenant(opened.registry, partial(sweep, sweeping))
    return Platform(
        store=opened.store,
        tokens=opened.tokens,
        registry=opened.registry,
        schema=SCHEMA,
        context_of=partial(context_of, opened.catalogue, doorbell),
        tasks=(doorbell, Periodic("sweep", settings.sweep_every, every_tenant)),
        closers=(opened.close,),
    )


async def context_of(catalogue: Catalogue, doorbell: Doorbell, call: Call) -> Context:
    """Make what the resolvers of one request are given."""
    asker = call.scope
    return Context(
        services=catalogue,
        asker=asker,
        tenant=call.tenant,
        received_at=call.received_at,
        address=call.address,
        left_work=(lambda: None) if asker is None else partial(doorbell.ring, asker.tenant),
    )


def server() -> Starlette:
    """Return the application by the environment's settings: what uvicorn calls in each of its processes."""
    settings = Settings()
    configure_logging(settings.log_format_used, settings.log_level)
    return create_app(settings, platform(open_services(settings), settings))
