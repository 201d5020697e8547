"""A position: a place in the operation where values are completed, a field or the items of a field's list."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from graphql import (
    GraphQLNonNull,
    GraphQLNullableType,
    GraphQLOutputType,
)

from graphql_compiler.collecting import SelectedField
from graphql_compiler.resolving import Attribute

if TYPE_CHECKING:
    from graphql_compiler.run import Run
    from graphql_compiler.steps import Steps

Completer = Callable[["Run", Any, "Steps"], Any]
"""Completes a value that is neither null, an exception, nor awaitable. It raises what makes it null."""


class Position:
    """`type` is the nullable type of its values; `calls`: callable values are called, as default resolvers do."""

    __slots__ = ("calls", "complete", "field", "nodes", "nullable", "type")

    def __init__(self, field: SelectedField, type_: GraphQLOutputType, *, calls: bool) -> None:
        self.field = field
        self.nodes = field.nodes
        self.nullable = not isinstance(type_, GraphQLNonNull)
        self.type: GraphQLNullableType = type_.of_type if isinstance(type_, GraphQLNonNull) else cast(Any, type_)
        self.calls = calls
        self.complete: Completer

    @classmethod
    def of_field(cls, field: SelectedField) -> Position:
        way = field.resolving
        return cls(field, field.definition.type, calls=isinstance(way, Attribute) and way.called)

    @classmethod
    def of_items(cls, outer: Position) -> Position:
        """Return the position of the items of a list."""
        return cls(outer.field, cast(Any, outer.type).of_type, calls=False)
