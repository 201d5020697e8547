"""Documents made from the schema: a root field, whatever arguments it is given, and all that may be seen."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    get_named_type,
    is_leaf_type,
    is_required_argument,
    is_required_input_field,
)

from api.bootstrap import SCHEMA
from schema.access import access_of
from tenants.roles import Permission

Permissions = frozenset[Permission]
ID_OF_NOTHING = "tst_" + "x" * 16
DEPTH = 4
"""How many fields of an answer stand in one another."""


def root_fields() -> list[str]:
    """Return `Query.…`, `Mutation.…` and `Subscription.…` of every root field."""
    return [
        f"{name}.{field}"
        for name in ("Query", "Mutation", "Subscription")
        for field in SCHEMA.type_map[name].fields
    ]


def field_of(name: str) -> GraphQLField:
    """Return the definition of `Type.field`."""
    type_name, _, field_name = name.partition(".")
    field: GraphQLField = SCHEMA.type_map[type_name].fields[field_name]
    return field


def document(name: str, arguments: Collection[str], selection: str) -> str:
    """Return an operation of one root field; its arguments are variables of the same names."""
    operation, _, field_name = name.partition(".")
    args = field_of(name).args
    declared = ", ".join(f"${argument}: {args[argument].type}" for argument in arguments)
    given = ", ".join(f"{argument}: ${argument}" for argument in arguments)
    brackets = (f"({declared})", f"({given})") if arguments else ("", "")
    return f"{operation.lower()} {brackets[0]} {{ {field_name}{brackets[1]} {selection} }}"


def all_of(name: str, permissions: Permissions) -> str:
    """Return a selection of everything that a root field shows to holders of `permissions`."""
    return _selection(get_named_type(field_of(name).type), permissions, DEPTH)


def nothing_of(name: str) -> str:
    """Return the selection that needs no permission."""
    return "" if is_leaf_type(get_named_type(field_of(name).type)) else "{ __typename }"


def least_arguments(name: str) -> dict[str, Any]:
    """Return values for the arguments of a root field that must be given: well-formed, and about nothing."""
    args = field_of(name).args
    return {name: _least(args[name].type) for name in args if is_required_argument(args[name])}


def _selection(type_: Any, permissions: Permissions, depth: int, alias: str = "") -> str:
    if is_leaf_type(type_):
        return ""
    shown = ["__typename"]
    for name, field in type_.fields.items():
        access, inner = access_of(field), get_named_type(field.type)
        if access is not None and access.admits(permissions) and (depth > 1 or is_leaf_type(inner)):
            page = "(first: 2)" if "first" in field.args else ""
            shown.append(f"{alias.format(name)}{name}{page} {_selection(inner, permissions, depth - 1)}".strip())
    if isinstance(type_, GraphQLInterfaceType):
        # The fields of one name have other types on other objects: each object's are told apart.
        shown += [
            f"... on {possible.name} {_selection(possible, permissions, depth - 1, f'of{possible.name}_{{}}: ')}"
            for possible in SCHEMA.get_possible_types(type_)
        ]
    return f"{{ {' '.join(shown)} }}"


def _least(type_: GraphQLInputType) -> Any:
    if isinstance(type_, GraphQLNonNull):
        return _least(type_.of_type)
    if isinstance(type_, GraphQLList):
        return []
    if isinstance(type_, GraphQLInputObjectType):
        fields = type_.fields.items()
        return {name: _least(field.type) for name, field in fields if is_required_input_field(field)}
    if isinstance(type_, GraphQLEnumType):
        return next(iter(type_.values))
    return {"ID": ID_OF_NOTHING, "Int": 1, "Boolean": False}.get(type_.name, "1")
