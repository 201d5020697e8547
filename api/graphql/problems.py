"""What keeps an operation from being executed: errors with their codes, and the status that they ask for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from graphql import GraphQLError, Node

from api.graphql.codes import STATUS, ErrorCode

MESSAGE_LENGTH = 400
ERRORS_TOLD = 20


class NotExecutable(Exception):
    """The operation is refused before execution, with `errors` of one kind (the first one's code)."""

    def __init__(self, errors: Sequence[GraphQLError]) -> None:
        super().__init__(errors[0].message)
        self.errors = list(errors[:ERRORS_TOLD])

    @property
    def code(self) -> ErrorCode:
        return ErrorCode((self.errors[0].extensions or {})["code"])

    @property
    def status(self) -> int:
        return STATUS[self.code]


def problem(
    code: ErrorCode, message: str, nodes: Collection[Node] | Node | None = None, **extensions: Any
) -> GraphQLError:
    """Return an error that carries its code and its places in the document."""
    return GraphQLError(clipped(message), nodes, extensions={"code": code, **extensions})


def coded(error: GraphQLError, code: ErrorCode) -> GraphQLError:
    """Return the library's `error` under `code`, its message clipped: it may quote what was sent."""
    return GraphQLError(
        clipped(error.message), error.nodes, error.source, error.positions, extensions={"code": code}
    )


def clipped(message: str) -> str:
    return message if len(message) <= MESSAGE_LENGTH else message[: MESSAGE_LENGTH - 1] + "…"
