"""Where the schema takes an id: `Type.field(argument.field.field)`, found by walking it."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import (
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
)


def id_places(schema: GraphQLSchema) -> set[str]:
    """Return every place of type ID, in lists and inside input objects too."""
    return {place for place, type_name in input_places(schema) if type_name == "ID"}


def input_places(schema: GraphQLSchema) -> Iterator[tuple[str, str]]:
    """Yield every place that takes a scalar or an enum, with the name of its type."""
    for name, type_ in schema.type_map.items():
        if name.startswith("__") or not isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
            continue
        for field_name, field in type_.fields.items():
            for argument_name, argument in field.args.items():
                for path, leaf in _leaves(argument.type, (argument_name,), frozenset()):
                    yield f"{name}.{field_name}({'.'.join(path)})", leaf


def _leaves(
    type_: GraphQLInputType, path: tuple[str, ...], within: frozenset[str]
) -> Iterator[tuple[tuple[str, ...], str]]:
    """`within`: the input objects around it, so that one which holds itself is walked once."""
    named = get_named_type(type_)
    if not isinstance(named, GraphQLInputObjectType):
        yield path, named.name
    elif named.name not in within:
        for field_name, field in named.fields.items():
            yield from _leaves(field.type, (*path, field_name), within | {named.name})
