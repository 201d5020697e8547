"""The hand-written answers and the compiled ones as Starlette serves them, without a socket."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import orjson
from graphql import GraphQLSchema, parse
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bench.graphql import data, hand_written
from bench.graphql.questions import PAPER, SAVE, STAFF, Question
from bench.graphql.timing import Batch
from graphql_compiler import compile_operation

JSON = "application/json"


def hand_written_batches(attempts: Sequence[data.Attempt]) -> dict[str, Batch]:
    """Return batches of requests to an endpoint for each question."""
    by_id = {attempt.id: attempt for attempt in attempts}

    async def paper(request: Request) -> Response:
        return Response(hand_written.paper(by_id[request.path_params["id"]]), media_type=JSON)

    async def staff_list(request: Request) -> Response:
        first = int(request.query_params["first"])
        return Response(hand_written.staff_list(attempts[:first]), media_type=JSON)

    async def save(request: Request) -> Response:
        sent = orjson.loads(await request.body())
        return Response(hand_written.save(sent["seq"]), media_type=JSON)

    app = Starlette(
        routes=[
            Route("/attempts/{id}/paper", paper),
            Route("/tests/{id}/attempts", staff_list),
            Route("/attempts/{id}/batches", save, methods=["POST"]),
        ]
    )
    return {
        PAPER.name: _batch(app, "GET", f"/attempts/{PAPER.variables['id']}/paper", b"", b""),
        STAFF.name: _batch(app, "GET", "/tests/tst_1/attempts", b"first=100", b""),
        SAVE.name: _batch(app, "POST", "/attempts/att_000001/batches", b"", orjson.dumps(SAVE.variables["input"])),
    }


def compiled_batches(
    schema: GraphQLSchema, attempts: Sequence[data.Attempt], questions: Sequence[Question]
) -> dict[str, Batch]:
    """Return batches of requests to a GraphQL endpoint that compiles an operation once."""
    compiled: dict[str, Any] = {}

    async def endpoint(request: Request) -> Response:
        sent = orjson.loads(await request.body())
        text = sent["query"]
        operation = compiled.get(text)
        if operation is None:
            operation = compiled[text] = compile_operation(schema, parse(text))
        return Response(operation.execute_bytes(attempts, None, sent["variables"]), media_type=JSON)

    app = Starlette(routes=[Route("/graphql", endpoint, methods=["POST"])])
    return {
        each.name: _batch(
            app, "POST", "/graphql", b"", orjson.dumps({"query": each.text, "variables": each.variables})
        )
        for each in questions
    }


def _batch(app: Starlette, method: str, path: str, query: bytes, body: bytes) -> Batch:
    headers = [(b"host", b"localhost"), (b"content-type", JSON.encode()), (b"content-length", b"%d" % len(body))]
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query,
        "headers": headers,
        "server": ("localhost", 80),
        "client": ("127.0.0.1", 1),
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        if message.get("status", 200) != 200:
            raise RuntimeError(f"{path} answered {message}")

    async def many(count: int) -> None:
        for _ in range(count):
            await app(dict(scope), receive, send)

    loop = asyncio.new_event_loop()
    return lambda count: loop.run_until_complete(many(count))
