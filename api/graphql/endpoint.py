"""The GraphQL endpoint: request, caller, plan, access, variables, execution, answer, in this order."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import orjson
import structlog
from graphql import GraphQLError, GraphQLSchema
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.auth import Call
from api.graphql.access import check_access, may_introspect
from api.graphql.codes import ErrorCode
from api.graphql.documents import Documents
from api.graphql.errors import formatted
from api.graphql.execution import respond
from api.graphql.limits import Limits
from api.graphql.live.admission import Streams
from api.graphql.live.events import event_stream, single_answer
from api.graphql.live.streaming import stream
from api.graphql.media import EVENTS, JSON, RESPONSE_JSON, content_type, preferred, wants_events, wants_page
from api.graphql.plan import Plan
from api.graphql.problems import NotExecutable
from api.graphql.request import GraphQLRequest, read_request
from api.graphql.trusted import ANY, Admission
from api.graphql.variables import coerced_variables
from api.refusals import Refusal, answer, masked, overloaded
from api.settings import Introspection
from asgi.pressure import Overloaded, Pressure
from asgi.request_log import note, request_id_of

_log = structlog.stdlib.get_logger("tp.graphql")

ContextFactory = Callable[[Call], Awaitable[object]]
"""Makes what resolvers find in `info.context`, once a request."""

Authenticate = Callable[[HTTPConnection], Awaitable[Call]]
Page = Callable[[Request], Response]


_HEADERS = {
    media_type: [
        (b"content-type", content_type(media_type).encode()),
        (b"cache-control", b"no-store"),
        (b"vary", b"Accept"),
    ]
    for media_type in (JSON, RESPONSE_JSON)
}


@dataclass(frozen=True)
class GraphQLEndpoint:
    """An ASGI application over one schema. `page` is shown to browsers that come by GET; `None`: nothing is.

    `urgent` are mutations that are still taken when all else is turned away.
    """

    schema: GraphQLSchema
    authenticate: Authenticate
    context_of: ContextFactory
    documents: Documents
    limits: Limits
    introspection: Introspection
    streams: Streams
    pressure: Pressure
    urgent: frozenset[str] = frozenset()
    admission: Admission = ANY
    page: Page | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self._respond(Request(scope, receive))
        await response(scope, receive, send)

    async def _respond(self, request: Request) -> Response:
        accept = request.headers.getlist("accept")
        if request.method == "GET" and self.page and wants_page(accept) and not _asks(request):
            return self.page(request)
        by_events = wants_events(accept)
        media_type = RESPONSE_JSON if by_events else preferred(accept)
        if media_type is None:
            message = f"Accept `{RESPONSE_JSON}`, `{JSON}` or `{EVENTS}`."
            return answer(request.scope, Refusal(ErrorCode.NOT_ACCEPTABLE, message))
        asked = await read_request(request, self.limits.input_depth)
        call = await self.authenticate(request)
        try:
            plan, variables = self.checked(request.scope, asked, call)
        except NotExecutable as refused:
            return _refusal(refused, media_type, request)
        if plan.is_subscription:
            if not by_events:
                message = f"A subscription is answered over a WebSocket, or to those who accept `{EVENTS}`."
                raise Refusal(ErrorCode.NOT_ACCEPTABLE, message)
            return event_stream(self.streams, call, self.stream(plan, asked, variables, call))
        content, told = await self.run(plan, variables, call)
        if told:
            _note_errors(request, told)
        return single_answer(content) if by_events else _response(content, 200, media_type)

    async def run(self, plan: Plan, variables: dict[str, Any], call: Call) -> tuple[bytes, list[dict[str, Any]]]:
        """Return the answer to a query or a mutation that was checked, and the errors in it. Raises Refusal."""
        told: list[dict[str, Any]] = []

        def tell(error: GraphQLError) -> dict[str, Any]:
            told.append(formatted(error, call.request_id))
            return told[-1]

        context = await self.context_of(call)
        try:
            with self.pressure.admitted(urgent=plan.selects(self.urgent)):
                return await respond(plan, variables, context, tell), told
        except Overloaded as error:
            raise overloaded(error) from error
        except orjson.JSONEncodeError as error:  # a scalar's result that JSON cannot carry
            _log.error("result cannot be encoded", exc_info=error)
            raise masked(call.request_id) from error

    def stream(
        self, plan: Plan, asked: GraphQLRequest, variables: dict[str, Any], call: Call
    ) -> AsyncGenerator[bytes]:
        """Return the answers to a subscription that was checked."""
        return stream(
            plan,
            asked.variables,
            variables,
            partial(self.context_of, call),
            lambda error: formatted(error, call.request_id),
        )

    def checked(self, scope: Scope, asked: GraphQLRequest, call: Call) -> tuple[Plan, dict[str, Any]]:
        """Return what may be executed. Raises NotExecutable, and Refusal for a mutation by GET."""
        permissions = call.permissions
        reveal = may_introspect(self.introspection, permissions)
        plan = self.documents.plan(self.admission.text(asked), asked.operation_name, reveal=reveal)
        note(scope, operation=plan.name, kind=plan.operation.operation.value)
        if asked.by_get and plan.is_mutation:
            message = "A mutation cannot be sent by GET; send POST."
            raise Refusal(ErrorCode.METHOD_NOT_ALLOWED, message, headers={"Allow": "POST"})
        check_access(plan, permissions, self.introspection)
        return plan, coerced_variables(plan, asked.variables, self.limits, reveal=reveal)


def _asks(request: Request) -> bool:
    """Tell whether the query string asks for an operation."""
    return not request.query_params.keys().isdisjoint(("query", "documentId", "extensions"))


def _refusal(refused: NotExecutable, media_type: str, request: Request) -> Response:
    """Answer with the errors alone: legacy JSON always by 200, as its clients trust no other status."""
    errors = [formatted(error, request_id_of(request.scope)) for error in refused.errors]
    _note_errors(request, errors)
    status = 200 if media_type == JSON else refused.status
    response = _response(orjson.dumps({"errors": errors}), status, media_type)
    if response.status_code == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _response(content: bytes, status: int, media_type: str) -> Response:
    response = Response(content, status)
    response.raw_headers += _HEADERS[media_type]
    return response


def _note_errors(request: Request, errors: list[dict[str, Any]]) -> None:
    note(request.scope, errors=sorted({str(error["extensions"]["code"]) for error in errors}))
