"""`/metrics`: the figures of the server for Prometheus, for whoever may have them."""

from __future__ import annotations

import hmac
from functools import partial

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.graphql.documents import Documents
from api.settings import Settings
from asgi.metrics import Metrics
from asgi.pressure import Pressure
from graphql_compiler import FrozenValues, Reason
from tp.services.identity.tokens import Tokens


def metrics_route(metrics: Metrics, settings: Settings) -> Route:
    """Return `/metrics`: open in development, by `TP_METRICS_TOKEN` where it is set, and else not there."""
    token = None if settings.metrics_token is None else settings.metrics_token.get_secret_value()

    async def told(request: Request) -> Response:
        if token is None and not settings.development:
            raise HTTPException(404)
        given = request.headers.get("authorization", "").encode()
        if token is not None and not hmac.compare_digest(given, f"Bearer {token}".encode()):
            return Response(status_code=401, headers={"WWW-Authenticate": "Bearer"})
        return Response(metrics.exposition(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return Route("/metrics", told)


def measure(
    metrics: Metrics, documents: Documents, frozen: FrozenValues, tokens: Tokens, pressure: Pressure
) -> None:
    """Tell how the caches do that every request goes through, and how long requests wait."""
    metrics.gauge("tp_operations_under_way", "Operations that are executed.", lambda: pressure.under_way)
    metrics.gauge("tp_wait_seconds", "How long operations wait.", lambda: pressure.waiting)
    about = "Operations that were not taken, since too many waited."
    metrics.counter("tp_turned_away", about, lambda: pressure.turned_away_urgent, urgent="yes")
    metrics.counter("tp_turned_away", about, lambda: pressure.turned_away_others, urgent="no")
    about = "Look-ups in a cache of the process, by what they found."
    metrics.counter("tp_cache_lookups", about, lambda: documents.hits, cache="documents", found="hit")
    metrics.counter("tp_cache_lookups", about, lambda: documents.misses, cache="documents", found="miss")
    metrics.counter("tp_cache_lookups", about, lambda: tokens.hits, cache="tokens", found="hit")
    metrics.counter("tp_cache_lookups", about, lambda: tokens.misses, cache="tokens", found="miss")
    metrics.counter("tp_cache_lookups", about, lambda: frozen.hits, cache="frozen", found="hit")
    metrics.counter("tp_cache_lookups", about, lambda: frozen.misses, cache="frozen", found="miss")
    metrics.gauge("tp_frozen_bytes", "Memory that bytes of frozen values take.", lambda: frozen.bytes)
    for reason in Reason:
        metrics.counter(
            "tp_operations_handed_over",
            "Executions by graphql-core's interpreter, as the operation could not be compiled.",
            partial(documents.handed_over.of, reason),
            reason=reason,
        )
    metrics.gauge("tp_cached_documents", "GraphQL documents in memory.", lambda: len(documents))
