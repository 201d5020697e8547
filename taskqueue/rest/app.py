"""The ASGI application: layers, routes, and what lives as long as the process does."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware

from asgi.answered import Answered
from asgi.beside import running
from asgi.declared import SECURITY
from asgi.headers import SecurityHeaders
from asgi.health import health_routes
from asgi.limits import BodyLimit, Deadline
from asgi.request_log import RequestLog
from store.errors import StoreError
from taskqueue.rest import problems, queues, schedules, tasks, tenants
from taskqueue.rest.problems import ProblemDocument
from taskqueue.rest.service import Service
from taskqueue.settings import Settings

OPEN = frozenset({"/healthz", "/readyz", "/openapi.json"})
"""What needs no token."""


def create_app(settings: Settings, service: Service) -> FastAPI:
    """Return the application over an assembled service."""
    app = _Documented(
        title="Task queue",
        description="Hand over work that is heavy or not urgent: once accepted, it is done.",
        version="1",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        middleware=[
            Middleware(RequestLog, clock=service.clock, log="taskqueue.access"),
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
    for part in (tasks, queues, schedules, tenants):
        app.include_router(part.router)
    return app


class _Documented(FastAPI):
    """Names the problem document once among the schemas; the routes refer to it."""

    def openapi(self) -> dict[str, Any]:
        document = super().openapi()
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        document["components"]["securitySchemes"] = SECURITY
        if ProblemDocument.__name__ not in schemas:
            schema = ProblemDocument.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas.update(schema.pop("$defs", {}))
            schemas[ProblemDocument.__name__] = schema
        return document


def _lifespan(service: Service) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for close in reversed(service.closers):
                stack.push_async_callback(close)
            await stack.enter_async_context(running(service.tasks))
            yield

    return lifespan
