"""A server that speaks Datastore's protocol and answers as a test tells it to."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import grpc
import grpc.aio

from store.datastore import messages

HANGS: Final = object()
"""An answer that never comes."""

Fault = tuple[grpc.StatusCode, str]


class ScriptedServer(grpc.GenericRpcHandler):  # type: ignore[misc]
    """Answers each method with the next of its `answers`, and when there is none as an empty database would."""

    def __init__(self) -> None:
        self.host = ""
        self.requests: list[tuple[str, Any]] = []
        self.metadata: list[tuple[str, str]] = []
        self.answers: defaultdict[str, deque[Any]] = defaultdict(deque)

    def made(self) -> list[str]:
        """Return the methods called so far."""
        return [method for method, _ in self.requests]

    def service(self, handler_call_details: Any) -> grpc.RpcMethodHandler:
        method = handler_call_details.method.rsplit("/", 1)[1]
        self.metadata = list(handler_call_details.invocation_metadata)

        async def answer(request: Any, context: grpc.aio.ServicerContext[Any, Any]) -> Any:
            self.requests.append((method, request))
            scripted = self.answers[method].popleft() if self.answers[method] else None
            if scripted is HANGS:
                await asyncio.Event().wait()
            if isinstance(scripted, tuple):
                await context.abort(*scripted)
            return scripted or self._usual(method, request)

        return grpc.unary_unary_rpc_method_handler(
            answer,
            request_deserializer=getattr(messages, f"{method}Request").FromString,
            response_serializer=getattr(messages, f"{method}Response").SerializeToString,
        )

    def _usual(self, method: str, request: Any) -> Any:
        response = getattr(messages, f"{method}Response")()
        if method == "Lookup":
            for key in request.keys:
                response.missing.add().entity.key.CopyFrom(key)
            if request.read_options.HasField("new_transaction"):
                response.transaction = self._transaction()
        if method == "BeginTransaction":
            response.transaction = self._transaction()
        if method == "RunQuery":
            response.batch.more_results = messages.QueryResultBatch.NO_MORE_RESULTS
        return response

    def _transaction(self) -> bytes:
        return f"transaction {len(self.requests)}".encode()


@asynccontextmanager
async def scripted_server() -> AsyncIterator[ScriptedServer]:
    """Serve on a free loopback port."""
    script = ScriptedServer()
    server = grpc.aio.server()
    server.add_generic_rpc_handlers((script,))
    script.host = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    await server.start()
    try:
        yield script
    finally:
        await server.stop(grace=None)
