"""Field errors: placed in the document and the response, and kept until the answer is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql import GraphQLError, located_error

from graphql_compiler.steps import Steps, listed

if TYPE_CHECKING:
    from graphql_compiler.positions import Position


class FieldErrors:
    """The errors of one execution. What fails below a value that is null already is not told."""

    __slots__ = ("_nulled", "told")

    def __init__(self) -> None:
        self.told: list[GraphQLError] = []
        self._nulled: set[Steps] = set()

    def add(self, error: GraphQLError, nulled: Steps) -> None:
        """Keep an error that made the value at `nulled` null."""
        if self._nulled and any(nulled[:length] in self._nulled for length in range(len(nulled) + 1)):
            return
        self._nulled.add(nulled)
        self.told.append(error)


def located(error: Exception, position: Position, path: Steps) -> GraphQLError:
    """Return the error with its places; one that has a path keeps what it has."""
    return located_error(error, position.nodes, listed(path))
