"""Interfaces and unions: the value's object type is found, then the value completed as of that type."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from graphql import (
    GraphQLAbstractType,
    GraphQLError,
    GraphQLObjectType,
    default_type_resolver,
)
from graphql.pyutils import inspect

from graphql_compiler.kinds import AWAITABLE
from graphql_compiler.steps import of_field

if TYPE_CHECKING:
    from graphql_compiler.plan import Plan
    from graphql_compiler.positions import Completer, Position
    from graphql_compiler.run import Run
    from graphql_compiler.steps import Steps


def completing_as_resolved(
    plan: Plan, type_: GraphQLAbstractType, position: Position, type_resolver: Callable[..., Any] | None
) -> Completer:
    """Return a completer of values of an abstract type."""
    otherwise = type_resolver or default_type_resolver
    completers: dict[str, Completer] = {}

    def complete(run: Run, value: Any, path: Steps) -> Any:
        resolve_type = type_.resolve_type or otherwise
        name = resolve_type(value, run.info(position.field, of_field(path)), type_)
        if plan.kinds[type(name)] & AWAITABLE:
            return run.awaiting(cast(Any, name), lambda run, name, path: as_type(run, value, name, path))
        return as_type(run, value, name, path)

    def as_type(run: Run, value: Any, name: Any, path: Steps) -> Any:
        completer = completers.get(name) if isinstance(name, str) else None
        if completer is None:
            object_type = runtime_type(plan, type_, position, name, value)
            completer = completers[name] = plan.object_completer(object_type, position, value)
        return completer(run, value, path)

    return complete


def runtime_type(
    plan: Plan, type_: GraphQLAbstractType, position: Position, name: Any, value: Any
) -> GraphQLObjectType:
    """Return the object type that a type resolver named. Raises GraphQLError, in graphql-core's words."""
    field = position.field.name
    if name is None:
        raise GraphQLError(
            f"Abstract type '{type_.name}' must resolve to an Object type at runtime for field '{field}'."
            f" Either the '{type_.name}' type should provide a 'resolve_type' function"
            " or each possible type should provide an 'is_type_of' function.",
            position.nodes,
        )
    if isinstance(name, GraphQLObjectType):
        raise GraphQLError(
            "Support for returning GraphQLObjectType from resolve_type was"
            " removed in GraphQL-core 3.2, please return type name instead."
        )
    if not isinstance(name, str):
        raise GraphQLError(
            f"Abstract type '{type_.name}' must resolve to an Object type at runtime for field '{field}'"
            f" with value {inspect(value)}, received '{inspect(name)}'.",
            position.nodes,
        )
    found = plan.schema.get_type(name)
    if found is None:
        raise GraphQLError(
            f"Abstract type '{type_.name}' was resolved to a type '{name}' that does not exist inside the schema.",
            position.nodes,
        )
    if not isinstance(found, GraphQLObjectType):
        raise GraphQLError(
            f"Abstract type '{type_.name}' was resolved to a non-object type '{name}'.", position.nodes
        )
    if not plan.schema.is_sub_type(type_, found):
        raise GraphQLError(
            f"Runtime Object type '{found.name}' is not a possible type for '{type_.name}'.", position.nodes
        )
    return found
