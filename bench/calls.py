"""Counts a store's round trips to Datastore on the wire."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import grpc.aio


class Calls(grpc.aio.UnaryUnaryClientInterceptor):  # type: ignore[misc]
    """Notes each call by its method's name; attached to a store, it sees all of them, repeated ones too.

    Calls that are sent while another waits for its answer are one round trip with it: `Lookup & Lookup`.
    """

    def __init__(self) -> None:
        self._trips: list[str] = []
        self._waiting = 0

    async def intercept_unary_unary(
        self, continuation: Callable[..., Awaitable[Any]], client_call_details: Any, request: Any
    ) -> Any:
        method = client_call_details.method
        name = (method.decode() if isinstance(method, bytes) else method).rsplit("/", 1)[1]
        if self._waiting:
            self._trips[-1] += f" & {name}"
        else:
            self._trips.append(name)
        self._waiting += 1
        call = await continuation(client_call_details, request)
        call.add_done_callback(self._answered)
        return call

    def since(self) -> list[str]:
        """Return the round trips made since the last time, and forget them."""
        trips, self._trips = self._trips, []
        return trips

    def _answered(self, _: Any) -> None:
        self._waiting -= 1
