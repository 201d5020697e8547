"""A layer for what lies beneath one path, and for nothing else."""

from __future__ import annotations

from collections.abc import Callable

from starlette.types import ASGIApp, Receive, Scope, Send


class Beneath:
    """Lead requests whose path begins with `path` through `layer`, all others past it."""

    def __init__(self, app: ASGIApp, path: str, layer: Callable[[ASGIApp], ASGIApp]) -> None:
        self._app = app
        self._path = path
        self._layered = layer(app)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        beneath = scope["type"] == "http" and scope["path"].startswith(self._path)
        await (self._layered if beneath else self._app)(scope, receive, send)
