"""A GraphQL-over-HTTP request, read from GET or POST and checked for its form.

Source of the rules: the GraphQL-over-HTTP specification, sections Request, GET and POST.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

from api.graphql.codes import ErrorCode
from api.graphql.media import SHORT, is_json_in_utf8
from api.graphql.strict_json import NotJson, loads
from api.refusals import Refusal

ALLOWED = "GET, POST"
QUERY_STRING_FIELDS = 50
PREFIX = "sha256:"
"""What begins a `documentId` that is the SHA-256 of the document."""


@dataclass(frozen=True, slots=True)
class GraphQLRequest:
    """`query` is `None` when the document is asked for by its `hash`. `by_get` forbids mutations."""

    query: str | None
    operation_name: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)
    extensions: Mapping[str, Any] = field(default_factory=dict)
    by_get: bool = False
    hash: str | None = None


async def read_request(request: Request, max_depth: int) -> GraphQLRequest:
    """Return what is asked. Raises Refusal for anything that is not a well-formed GraphQL-over-HTTP request."""
    if request.method == "GET":
        return checked(_from_query_string(request, max_depth), by_get=True)
    if request.method == "POST":
        return checked(await _from_body(request, max_depth), by_get=False)
    raise Refusal(ErrorCode.METHOD_NOT_ALLOWED, "Send GET or POST.", headers={"Allow": ALLOWED})


def _from_query_string(request: Request, max_depth: int) -> dict[str, Any]:
    raw = request.scope["query_string"]
    if raw.count(b"&") >= QUERY_STRING_FIELDS:
        raise _bad(f"The query string has more than {QUERY_STRING_FIELDS} parameters.")
    try:
        pairs = parse_qsl(raw.decode("ascii"), keep_blank_values=True, errors="strict")
    except ValueError:
        raise _bad("The query string is not UTF-8 in URL encoding.") from None
    parameters: dict[str, Any] = {}
    for name, value in pairs:
        if name in parameters:
            raise _bad("A parameter occurs twice in the query string.")
        parameters[name] = value
    for name in ("variables", "extensions"):
        if parameters.get(name):
            parameters[name] = _json(parameters[name].encode(), max_depth, f"The parameter `{name}`")
        else:
            parameters.pop(name, None)
    return parameters


async def _from_body(request: Request, max_depth: int) -> dict[str, Any]:
    given = request.headers.getlist("content-type")
    if len(given) != 1 or len(given[0]) > SHORT or not is_json_in_utf8(given[0]):
        raise Refusal(ErrorCode.UNSUPPORTED_MEDIA_TYPE, "Send `Content-Type: application/json`, in UTF-8.")
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise Refusal(ErrorCode.UNSUPPORTED_MEDIA_TYPE, "Send the body without `Content-Encoding`.")
    parameters = _json(await request.body(), max_depth, "The body")
    if isinstance(parameters, list):
        raise _bad("The body is an array; several operations in one request are not supported.")
    if not isinstance(parameters, dict):
        raise _bad("The body is not a JSON object.")
    return parameters


def _json(text: bytes, max_depth: int, what: str) -> Any:
    if not text.strip():
        raise _bad(f"{what} is empty.")
    try:
        return loads(text, max_depth)
    except NotJson as error:
        raise _bad(f"{what} is not JSON: {error}.") from None


def checked(parameters: Mapping[str, Any], *, by_get: bool) -> GraphQLRequest:
    """Return the request that parameters make. Raises Refusal."""
    texts = {name: parameters.get(name) for name in ("query", "documentId", "operationName")}
    for name, value in texts.items():
        if value is not None and not isinstance(value, str):
            raise _bad(f"The parameter `{name}` is not a string.")
    maps = {name: parameters.get(name) for name in ("variables", "extensions")}
    for name, value in maps.items():
        if value is not None and not isinstance(value, dict):
            raise _bad(f"The parameter `{name}` is not an object.")
    extensions = maps["extensions"] or {}
    hash = _hash(texts["documentId"], extensions.get("persistedQuery"))
    query = texts["query"]
    if query is None and hash is None:
        raise _bad("The parameter `query` is missing.")
    return GraphQLRequest(
        query, texts["operationName"] or None, maps["variables"] or {}, extensions, by_get=by_get, hash=hash
    )


def _hash(document_id: str | None, persisted: Any) -> str | None:
    """Return the hash by which a document is asked for; what is none is returned as it is, and matches nothing."""
    by_id = None if document_id is None else document_id.removeprefix(PREFIX)
    if persisted is None:
        return by_id
    hash = persisted.get("sha256Hash") if isinstance(persisted, dict) and persisted.get("version") == 1 else None
    if not isinstance(hash, str):
        raise _bad('The extension `persistedQuery` is not `{"version": 1, "sha256Hash": "…"}`.')
    if by_id not in (None, hash):
        raise _bad("`documentId` and the extension `persistedQuery` name different documents.")
    return hash


def _bad(message: str) -> Refusal:
    return Refusal(ErrorCode.BAD_REQUEST, message)
