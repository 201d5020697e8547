"""The ASGI application: layers, routes, and what lives as long as the process does."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware

from analysis.rest import problems, reports, tenants
from analysis.rest.service import Service
from analysis.settings import Settings
from asgi.answered import Answered
from asgi.declared import SECURITY
from asgi.headers import SecurityHeaders
from asgi.health import health_routes
from asgi.limits import BodyLimit, Deadline
from asgi.request_log import RequestLog
from store.errors import StoreError

OPEN = frozenset({"/healthz", "/readyz", "/openapi.json"})
"""What needs no token."""


def create_app(settings: Settings, service: Service) -> FastAPI:
    """Return the application over an assembled service."""
    app = _Documented(
        title="Analysis platform",
        description="Reports of tests: standings, items, behaviour, and a page for each student.",
        version="1",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        middleware=[
            Middleware(RequestLog, clock=service.clock, log="analysis.access"),
            Middleware(SecurityHeaders),
            Middleware(Answered, answer=problems.document),
            Middleware(Deadline, seconds=settings.request_timeout),
            Middleware(BodyLimit, limit=settings.body_limit),
        ],
        exception_handlers={
            RequestValidationError: problems.handler,
            HTTPException: problems.handler,
        },
        lifespan=_lifespan(service),
    )
    app.state.service = service
    app.router.routes.extend(health_routes(service.ready, settings.ready_timeout, [StoreError]))
    for part in (reports, tenants):
        app.include_router(part.router)
    return app


class _Documented(FastAPI):
    """Tells in its OpenAPI document how callers prove who they are."""

    def openapi(self) -> dict[str, Any]:
        document = super().openapi()
        document.setdefault("components", {})["securitySchemes"] = SECURITY
        return document


def _lifespan(service: Service) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for close in reversed(service.closers):
                stack.push_async_callback(close)
            yield

    return lifespan
