"""Health: whether the process is up, and whether it can serve."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

_log = structlog.stdlib.get_logger("asgi.health")


def health_routes(
    ready: Callable[[], Awaitable[None]],
    timeout: float,
    failures: Sequence[type[Exception]],
    overloaded: Callable[[], bool] = lambda: False,
) -> list[Route]:
    """Return `/healthz`, which asks nothing of others, and `/readyz`, which gives the store `timeout` seconds.

    `failures`: what `ready` raises when the store does not answer. `overloaded`: whether requests are turned away.
    """

    caught: tuple[type[Exception], ...] = (*failures, TimeoutError)

    async def healthz(_: Request) -> Response:
        return JSONResponse({"status": "up"}, headers={"Cache-Control": "no-store"})

    async def readyz(_: Request) -> Response:
        if overloaded():
            return JSONResponse({"status": "overloaded"}, 503, headers={"Cache-Control": "no-store"})
        try:
            async with asyncio.timeout(timeout):
                await ready()
        except caught as error:
            _log.warning("not ready", reason=str(error) or type(error).__name__)
            return JSONResponse({"status": "store unavailable"}, 503, headers={"Cache-Control": "no-store"})
        return JSONResponse({"status": "ready"}, headers={"Cache-Control": "no-store"})

    return [Route("/healthz", healthz), Route("/readyz", readyz)]
