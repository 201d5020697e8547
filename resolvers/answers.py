"""The shapes in which resolvers answer: payloads with user errors, and Relay connections."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from resolvers.context import Context
from tp.domain.problem import Code, PathStep, Problem
from tp.errors import NotFound, Refused
from tp.services.listing import Listing

Payload = dict[str, Any]
Mutation = Callable[[Context, Mapping[str, Any]], Awaitable[Payload]]
DEFAULT_PAGE = 50
MESSAGE_LENGTH = 400


async def answer(mutation: Mutation, context: Context, input: Mapping[str, Any]) -> Payload:
    """Run a mutation; what the user can mend becomes `user_errors` of its payload."""
    try:
        return {**await mutation(context, input), "user_errors": []}
    except Refused as refused:
        return {"user_errors": [*map(wire, refused.problems)]}
    except NotFound as missing:
        return {"user_errors": [wire(Problem(Code.NOT_FOUND, missing.path, "nothing here has that id"))]}
    except ValidationError as invalid:
        return {"user_errors": [*map(wire, problems_of(invalid))]}


def problems_of(invalid: ValidationError, path: tuple[PathStep, ...] = ()) -> list[Problem]:
    """Return what a model found wrong, with the places in the names of the GraphQL input."""
    return [
        Problem(Code.INVALID, (*path, *(_camel(step) for step in error["loc"])), error["msg"])
        for error in invalid.errors(include_input=False, include_url=False)
    ]


def wire(problem: Problem) -> Payload:
    """Return a problem as it is told: what it quotes of the input is not told at length."""
    message = problem.message
    told = message if len(message) <= MESSAGE_LENGTH else message[: MESSAGE_LENGTH - 1] + "…"
    path = [str(step) for step in problem.path]
    return {"code": problem.code, "path": path, "message": told, "retry_after": problem.retry_after}


def _camel(step: int | str) -> int | str:
    if isinstance(step, int):
        return step
    head, *rest = step.split("_")
    return head + "".join(part.capitalize() for part in rest)


@dataclass(frozen=True, slots=True)
class Edge:
    node: Any
    cursor: str


@dataclass(frozen=True, slots=True)
class PageInfo:
    has_next_page: bool
    end_cursor: str | None
    has_previous_page: bool = False
    start_cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Connection:
    edges: list[Edge]
    page_info: PageInfo


def connection(listing: Listing[Any]) -> Connection:
    """Return a page as a Relay connection, read forwards."""
    edges = [Edge(node, cursor) for node, cursor in zip(listing.items, listing.cursors, strict=True)]
    first, last = (edges[0].cursor, edges[-1].cursor) if edges else (None, None)
    return Connection(edges, PageInfo(listing.next is not None, listing.next or last, start_cursor=first))
