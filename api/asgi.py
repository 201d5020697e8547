"""The ASGI application: layers, routes, and what lives as long as the process does."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

from graphql import GraphQLSchema
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import ASGIApp

from api.auth import Authenticator
from api.graphiql import asset_routes, graphiql_page
from api.graphql.documents import Documents
from api.graphql.endpoint import ContextFactory, GraphQLEndpoint
from api.graphql.live.admission import Streams
from api.graphql.live.socket import SocketEndpoint
from api.graphql.trusted import NOT_ANY, Admission, TrustedDocuments
from api.measuring import measure, metrics_route
from api.refusals import http_exception, refused
from api.rest.app import MOUNTED_AT
from api.rest.problems import document
from api.settings import Settings
from asgi.answered import Answered
from asgi.beneath import Beneath
from asgi.beside import BackgroundTask, running
from asgi.headers import SecurityHeaders
from asgi.health import health_routes
from asgi.limits import BodyLimit, Deadline
from asgi.metrics import LEFT_EVERY, Metrics
from asgi.periodic import Periodic
from asgi.pressure import Pressure
from asgi.request_log import RequestLog
from asgi.straight import Straight
from graphql_compiler import Apart, Frozen, FrozenValues, KeyOf
from store.errors import StoreError
from store.port import Store
from tenants.registry import TenantRegistry
from tp.clock import Clock
from tp.services.identity.tokens import Tokens

GRAPHQL = "/graphql"
URGENT = frozenset({"saveResponses", "submitAttempt"})
"""Mutations by which answers come in: they are taken longer than all else."""

REQUEST_HEADERS = ("Authorization", "Content-Type", "X-Tenant", "X-Request-Id")


def utc_now() -> datetime:
    """Return the present instant: the server's clock."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Platform:
    """What the application is made of, as the composition root assembled it.

    `frozen` are the types whose values never change, but for the fields in `apart`; `trusted` are the documents
    known beforehand. `tasks` run beside the requests; `closers` are awaited at shutdown, after the requests and
    tasks, in order. `measured` add figures to `/metrics`.
    """

    store: Store
    tokens: Tokens
    registry: TenantRegistry
    schema: GraphQLSchema
    context_of: ContextFactory
    frozen: Mapping[str, KeyOf] = field(default_factory=dict)
    apart: Mapping[str, Apart] = field(default_factory=dict)
    trusted: TrustedDocuments = NOT_ANY
    tasks: Sequence[BackgroundTask] = ()
    closers: Sequence[Callable[[], Awaitable[None]]] = ()
    routes: Sequence[BaseRoute] = ()
    measured: Sequence[Callable[[Metrics], None]] = ()


def create_app(settings: Settings, platform: Platform, clock: Clock = utc_now) -> Starlette:
    """Return the application over an assembled platform. Raises UntrustedDocuments for one that is not valid."""
    frozen = FrozenValues(settings.frozen_cache)
    documents = Documents(
        platform.schema, settings.limits, settings.document_cache, Frozen(platform.frozen, frozen, platform.apart)
    )
    documents.trust(platform.trusted)
    metrics = Metrics(settings.data_dir / "metrics")
    pressure = Pressure(settings.max_under_way, settings.longest_wait)
    measure(metrics, documents, frozen, platform.tokens, pressure)
    for add_figures in platform.measured:
        add_figures(metrics)
    endpoint = GraphQLEndpoint(
        schema=platform.schema,
        streams=Streams(platform.registry, clock, settings.max_streams),
        authenticate=Authenticator(platform.tokens, platform.registry),
        context_of=platform.context_of,
        documents=documents,
        limits=settings.limits,
        introspection=settings.introspection_for,
        pressure=pressure,
        urgent=URGENT,
        admission=Admission(platform.trusted, only_trusted=settings.trusted_documents is not None),
        page=graphiql_page if settings.graphiql_on else None,
    )
    return Starlette(
        routes=[
            Route(GRAPHQL, endpoint),
            Route("/t/{tenant}/graphql", endpoint),
            WebSocketRoute(GRAPHQL, SocketEndpoint(endpoint, clock, settings.request_timeout)),
            WebSocketRoute("/t/{tenant}/graphql", SocketEndpoint(endpoint, clock, settings.request_timeout)),
            *health_routes(
                platform.store.ready, settings.ready_timeout, [StoreError], lambda: pressure.turns_away
            ),
            metrics_route(metrics, settings),
            *(asset_routes() if settings.graphiql_on else ()),
            *platform.routes,
        ],
        middleware=_layers(settings, clock, metrics, endpoint),
        exception_handlers={HTTPException: http_exception},
        lifespan=_lifespan(platform, metrics, pressure),
    )


def _layers(settings: Settings, clock: Clock, metrics: Metrics, endpoint: ASGIApp) -> list[Middleware]:
    """Return the layers, the outermost first."""
    return [
        Middleware(RequestLog, clock=clock, log="tp.access", answered=metrics.answered),
        Middleware(SecurityHeaders, hsts=not settings.development),
        *([_cors(settings)] if settings.cors_origins else ()),
        Middleware(Answered, answer=refused),
        Middleware(Beneath, path=f"{MOUNTED_AT}/", layer=partial(Answered, answer=document)),
        Middleware(Deadline, seconds=settings.request_timeout),
        Middleware(BodyLimit, limit=settings.body_limit),
        Middleware(Straight, to={GRAPHQL: endpoint}),
    ]


def _cors(settings: Settings) -> Middleware:
    return Middleware(
        CORSMiddleware,
        allow_origins=settings.cors_origins,
        allow_methods=("GET", "POST"),
        allow_headers=REQUEST_HEADERS,
        expose_headers=("X-Request-Id", "WWW-Authenticate"),
    )


def _lifespan(
    platform: Platform, metrics: Metrics, pressure: Pressure
) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    leaving = Periodic("metrics", LEFT_EVERY, metrics.leave)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            stack.push_async_callback(platform.store.close)
            for close in reversed(platform.closers):
                stack.push_async_callback(close)
            stack.push_async_callback(metrics.close)
            await stack.enter_async_context(running((*platform.tasks, leaving, pressure.watch)))
            yield

    return lifespan
