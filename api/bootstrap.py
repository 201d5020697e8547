"""The composition root: the only place that names adapters and puts the platform together."""

from __future__ import annotations

import gc
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount

from api.asgi import Platform, create_app, utc_now
from api.auth import Authenticator, Call
from api.background import EachTenant
from api.exports import export_route
from api.graphql.documents import Documents
from api.graphql.trusted import TrustedDocuments, UntrustedDocuments
from api.hooks import report_hook
from api.rest.access import AUDIENCE
from api.rest.app import MOUNTED_AT, create_rest
from api.rest.service import Service
from api.settings import Settings
from api.sweeps import Alone, AndReports, Doorbell, OwnWork, Relayed
from api.web.routes import web_routes
from asgi.beside import BackgroundTask
from asgi.logs import configure_logging
from asgi.periodic import Periodic
from resolvers.context import Context
from schema.frozen import APART, FROZEN
from schema.schema import graphql_schema
from store import opening
from store.port import Kind, Store
from tenants import kinds as tenant_kinds
from tenants.registry import PLATFORM, TenantRegistry
from tp.clients.analysis import AnalysisClient
from tp.clients.redis_exchange import RedisExchange
from tp.clients.taskqueue import TaskQueueClient
from tp.clock import Clock
from tp.services import kept
from tp.services.catalogue import Catalogue, compose
from tp.services.exporting.purge import TenantPurging
from tp.services.identity.login import LoginService
from tp.services.identity.passwords import Passwords
from tp.services.identity.sessions import SessionService
from tp.services.identity.tokens import Tokens
from tp.services.invigilation.exchange import PASS_EVERY, StoreExchange
from tp.services.people.creation import UserCreation
from tp.services.people.credentials import Credentials
from tp.services.sitting.board import LOOK_EVERY
from trust.keys import SERVICE_KEY_FILE, KeyRing, generated_key_ring, read_key_ring
from trust.service_tokens import ServiceTokens

KINDS: tuple[Kind, ...] = (*tenant_kinds.KINDS, *kept.KINDS)
"""Every kind that the platform keeps."""


SCHEMA = graphql_schema
"""The contract that is served, and that `tp schema` prints."""

WEB = Path(__file__).resolve().parent.parent / "web"
"""Where the web frontends are, and with them the documents that they send."""


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
    purging: TenantPurging
    queue: TaskQueueClient | None = None
    analysis: AnalysisClient | None = None

    async def close(self) -> None:
        """Release the store, the connections and the threads."""
        if self.queue is not None:
            await self.queue.close()
        if self.analysis is not None:
            await self.analysis.close()
        await self.store.close()
        self.passwords.close()


def open_store(settings: Settings) -> Store:
    """Return the store that the settings name."""
    return opening.open_store(settings.store, settings.data_dir, KINDS, settings.datastore_emulator_host)


def key_ring(settings: Settings) -> KeyRing:
    """Return the keys of the settings, or in development those made for the data folder. Raises Misconfigured."""
    if settings.signing_keys is not None:
        return read_key_ring(settings.signing_keys.get_secret_value())
    if not settings.development:
        raise Misconfigured("set TP_SIGNING_KEYS: in production every process must sign with the same keys")
    return generated_key_ring(settings.data_dir, os.urandom)


def service_keys(settings: Settings) -> KeyRing | None:
    """Return the keys that services know each other by; `None` where there are none. Raises KeyRingInvalid."""
    if settings.service_keys is not None:
        return read_key_ring(settings.service_keys.get_secret_value())
    if settings.development:
        return generated_key_ring(settings.data_dir, os.urandom, SERVICE_KEY_FILE)
    return None


def service_tokens(settings: Settings) -> ServiceTokens | None:
    """Return what issues and verifies the tokens of other services; `None` where there are no keys for it.

    Raises KeyRingInvalid.
    """
    ring = service_keys(settings)
    return None if ring is None else ServiceTokens(ring, AUDIENCE, os.urandom)


def trusted_documents(settings: Settings) -> TrustedDocuments:
    """Return the documents of the web frontends, and those that the settings name. Raises Misconfigured."""
    try:
        ours = TrustedDocuments.read_folder(WEB)
        named = settings.trusted_documents
        return ours if named is None else ours | TrustedDocuments.read(named)
    except (UntrustedDocuments, OSError) as error:
        raise Misconfigured(f"TP_TRUSTED_DOCUMENTS: {error}") from error


def check_documents(trusted: TrustedDocuments, settings: Settings) -> None:
    """Raise UntrustedDocuments when one of them could not be executed."""
    Documents(SCHEMA, settings.limits, settings.document_cache).trust(trusted)


def task_queue(settings: Settings) -> TaskQueueClient | None:
    """Return a client of the task queue that the settings name, if they name one. Raises Misconfigured."""
    if settings.taskqueue_url is None:
        return None
    if settings.taskqueue_token is None:
        raise Misconfigured("set TP_TASKQUEUE_TOKEN: the task queue at TP_TASKQUEUE_URL asks for it")
    return TaskQueueClient(settings.taskqueue_url, settings.taskqueue_token.get_secret_value())


def analysis_platform(settings: Settings) -> AnalysisClient | None:
    """Return a client of the analysis platform that the settings name, if they name one. Raises Misconfigured."""
    if settings.analysis_url is None:
        return None
    if settings.analysis_token is None:
        raise Misconfigured("set TP_ANALYSIS_TOKEN: the analysis platform at TP_ANALYSIS_URL asks for it")
    return AnalysisClient(settings.analysis_url, settings.analysis_token.get_secret_value())


def open_services(
    settings: Settings,
    clock: Clock = utc_now,
    store: Store | None = None,
    queue: TaskQueueClient | None = None,
    analysis: AnalysisClient | None = None,
    passwords: Passwords | None = None,
) -> Services:
    """Put the services together on an open store and other services, or on those that the settings name.

    Raises Misconfigured, KeyRingInvalid.
    """
    queue = queue or task_queue(settings)
    analysis = analysis or analysis_platform(settings)
    store = store or open_store(settings)
    registry = TenantRegistry(store.namespace(PLATFORM), store, clock)
    tokens = Tokens(key_ring(settings), os.urandom)
    passwords = passwords or Passwords()
    return Services(
        store=store,
        registry=registry,
        tokens=tokens,
        passwords=passwords,
        queue=queue,
        analysis=analysis,
        purging=TenantPurging(registry, queue, analysis),
        catalogue=compose(
            LoginService(registry, passwords, tokens),
            UserCreation(passwords, os.urandom),
            Credentials(passwords, os.urandom),
            SessionService(registry),
            clock,
            os.urandom,
            queue,
            settings.rescore_at_once,
            analysis,
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
    work = own_work(opened.catalogue)
    doorbell = Doorbell(opened.registry, work)
    every_tenant = EachTenant(opened.registry, work.sweep, opened.purging.go_on)
    return Platform(
        store=opened.store,
        tokens=opened.tokens,
        registry=opened.registry,
        schema=SCHEMA,
        context_of=partial(context_of, opened.catalogue, doorbell),
        frozen=FROZEN,
        apart=APART,
        trusted=trusted_documents(settings),
        tasks=(
            doorbell,
            Periodic("sweep", settings.sweep_every, every_tenant),
            Periodic("notices", LOOK_EVERY, opened.catalogue.board.look),
            *exchanges(opened.catalogue, settings),
        ),
        closers=(opened.close,),
        routes=(
            *web_routes(WEB, TrustedDocuments.read_folder(WEB).manifest, opened.registry),
            export_route(Authenticator(opened.tokens, opened.registry), opened.catalogue.exporting),
            *_rest(opened, settings),
        ),
    )


def exchanges(catalogue: Catalogue, settings: Settings) -> list[BackgroundTask]:
    """Return what carries news of sittings between server processes: a Redis, and the store while that is away."""
    process = secrets.token_hex(6)
    if settings.redis_url is None:
        by_store = StoreExchange(catalogue.attendance, catalogue.watching, process, catalogue.clock)
        return [Periodic("attendance", PASS_EVERY, by_store)]
    url = settings.redis_url.get_secret_value()
    by_redis = RedisExchange(url, catalogue.attendance, catalogue.watching, catalogue.board, process)
    catalogue.board.ring = by_redis.ring
    by_store = StoreExchange(
        catalogue.attendance, catalogue.watching, process, catalogue.clock, lambda: by_redis.connected
    )
    return [by_redis, Periodic("attendance", PASS_EVERY, by_store)]


def _rest(opened: Services, settings: Settings) -> tuple[BaseRoute, ...]:
    ring = service_keys(settings)
    if ring is None:
        return ()
    tokens = ServiceTokens(ring, AUDIENCE, os.urandom)
    ended = report_hook(ring, opened.registry, opened.catalogue)
    return (
        ended,
        Mount(MOUNTED_AT, create_rest(Service(tokens, opened.registry, opened.catalogue))),
    )


def own_work(catalogue: Catalogue) -> OwnWork:
    """Return what the server sees to beside the requests: with a task queue it only hands on."""
    work = Alone(catalogue.sweeping) if catalogue.relay is None else Relayed(catalogue.relay)
    return work if catalogue.report_following is None else AndReports(work, catalogue.report_following)


async def context_of(catalogue: Catalogue, doorbell: Doorbell, call: Call) -> Context:
    """Make what the resolvers of one request are given."""
    asker = call.scope
    return Context(
        services=catalogue,
        asker=asker,
        tenant=call.tenant,
        received_at=call.received_at,
        address=call.address,
        agent=call.agent,
        left_work=(lambda: None) if asker is None else partial(doorbell.ring, asker.tenant),
    )


def server() -> Starlette:
    """Return the application by the environment's settings: what uvicorn calls in each of its processes."""
    settings = Settings()
    configure_logging(settings.log_format_used, settings.log_level)
    application = create_app(settings, platform(open_services(settings), settings))
    # Modules, schema and services stay as long as the process does: no garbage needs to be sought in them.
    gc.collect()
    gc.freeze()
    return application
