"""The calls of `google.datastore.v1.Datastore` that the adapter makes, each with a deadline.

Reads are repeated a few times while the fault may pass. Nothing else is: what a repeated commit would do depends
on whether the first one happened, which only `commit`'s caller can tell.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

import grpc.aio

from store.datastore import messages
from store.datastore.channel import open_channel
from store.datastore.faults import may_pass
from store.errors import Unavailable
from store.retrying import back_off

_TRIES: Final = 4
_BACK_OFF_SECONDS: Final = 0.05
_BACK_OFF_CAP_SECONDS: Final = 1.0

_MESSAGES: Final = {
    "BeginTransaction": (messages.BeginTransactionRequest, messages.BeginTransactionResponse),
    "Commit": (messages.CommitRequest, messages.CommitResponse),
    "Lookup": (messages.LookupRequest, messages.LookupResponse),
    "Rollback": (messages.RollbackRequest, messages.RollbackResponse),
    "RunAggregationQuery": (messages.RunAggregationQueryRequest, messages.RunAggregationQueryResponse),
    "RunQuery": (messages.RunQueryRequest, messages.RunQueryResponse),
}


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Deadlines of single calls, in seconds. A commit's must outlast the wait for a lock."""

    read: float = 5.0
    query: float = 20.0
    begin: float = 5.0
    commit: float = 15.0
    rollback: float = 2.0


class Rpc:
    """Calls over one channel, which the first of them opens.

    All raise grpc.aio.AioRpcError, and Unavailable once closed.
    """

    def __init__(
        self,
        project: str,
        database: str,
        emulator_host: str | None,
        timeouts: Timeouts,
        interceptors: Sequence[grpc.aio.ClientInterceptor],
    ) -> None:
        self._emulator_host = emulator_host
        self._timeouts = timeouts
        self._interceptors = interceptors
        # As the generated client does: the front end routes by this header and does not look into the message.
        routing = {"project_id": project} | ({"database_id": database} if database else {})
        self._metadata = (("x-goog-request-params", urlencode(routing)),)
        self._calls: dict[str, grpc.aio.UnaryUnaryMultiCallable] = {}
        self._channel: grpc.aio.Channel | None = None
        self._opening = asyncio.Lock()
        self._closed = False

    async def lookup(self, request: Any) -> Any:
        return await self._read("Lookup", request, self._timeouts.read)

    async def run_query(self, request: Any) -> Any:
        return await self._read("RunQuery", request, self._timeouts.query)

    async def run_aggregation_query(self, request: Any) -> Any:
        return await self._read("RunAggregationQuery", request, self._timeouts.query)

    async def begin_transaction(self, request: Any) -> Any:
        # A transaction begun twice is one that nobody uses, and that expires.
        return await self._read("BeginTransaction", request, self._timeouts.begin)

    async def commit(self, request: Any) -> None:
        await self._call("Commit", request, self._timeouts.commit)

    async def rollback(self, request: Any) -> None:
        await self._call("Rollback", request, self._timeouts.rollback)

    async def close(self) -> None:
        """Close the channel. Idempotent."""
        self._closed = True
        if self._channel:
            await self._channel.close()

    async def _read(self, method: str, request: Any, seconds: float) -> Any:
        for attempt in range(1, _TRIES):
            try:
                return await self._call(method, request, seconds)
            except grpc.aio.AioRpcError as error:
                if not may_pass(error):
                    raise
            await back_off(attempt, base=_BACK_OFF_SECONDS, cap=_BACK_OFF_CAP_SECONDS)
        return await self._call(method, request, seconds)

    async def _call(self, method: str, request: Any, seconds: float) -> Any:
        if self._closed:
            raise Unavailable("the store is closed")
        call = self._calls.get(method) or await self._open(method)
        return await call(request, timeout=seconds, metadata=self._metadata)

    async def _open(self, method: str) -> grpc.aio.UnaryUnaryMultiCallable:
        async with self._opening:
            if self._channel is None:
                self._channel = await open_channel(self._emulator_host, self._interceptors)
        request, response = _MESSAGES[method]
        call = self._channel.unary_unary(
            f"/google.datastore.v1.Datastore/{method}",
            request_serializer=request.SerializeToString,
            response_deserializer=response.FromString,
        )
        self._calls[method] = call
        return call
