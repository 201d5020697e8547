"""A way past the router for the addresses that nearly every request is for."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.types import ASGIApp, Receive, Scope, Send


class Straight:
    """Lead requests for exactly one of these paths to its application, all others on."""

    def __init__(self, app: ASGIApp, to: Mapping[str, ASGIApp]) -> None:
        self._app = app
        self._to = to

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._to.get(scope["path"], self._app) if scope["type"] == "http" else self._app
        await app(scope, receive, send)
