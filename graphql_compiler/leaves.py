"""Scalars and enums: what needs no serialising is told by its class, in line; the type itself does the rest."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from types import FunctionType
from typing import Any

from graphql import GraphQLEnumType, GraphQLLeafType
from graphql.pyutils import Undefined, inspect
from graphql.type import scalars

_OTHERWISE = {
    scalars.serialize_string: "type({v}) is not str",
    scalars.serialize_id: "type({v}) is not str",
    scalars.serialize_boolean: "type({v}) is not bool",
    scalars.serialize_int: (
        f"type({{v}}) is not int or not {scalars.GRAPHQL_MIN_INT} <= {{v}} <= {scalars.GRAPHQL_MAX_INT}"
    ),
    scalars.serialize_float: "type({v}) is not float or {v} - {v} != 0.0",  # infinite, or not a number
}

JSON_SERIALIZER = "graphql_json_serializer"
"""An attribute of `serialize`: a quicker callable, to what orjson writes by itself, as an aware `datetime`."""

_ENUMS_BY_VALUE = frozenset(
    {
        ("graphql.type.definition", "GraphQLEnumType.serialize"),
        ("graphene.types.definitions", "GrapheneEnumType.serialize"),
    }
)
"""Enum types that give a known value its name, whatever else they do."""


def unlike_its_form(type_: GraphQLLeafType, value: str) -> str | None:
    """Return the condition under which the variable `value` is not its own serialised form; `None` without one."""
    serialize: Any = type_.serialize
    condition = _OTHERWISE.get(serialize) if isinstance(serialize, FunctionType) else None
    return None if condition is None else condition.format(v=value)


def names_of(type_: GraphQLLeafType) -> dict[Any, str] | None:
    """Return the names of an enum by value; `None` for other types, and enums that serialise in their own way."""
    if not isinstance(type_, GraphQLEnumType):
        return None
    serialize = getattr(type_.serialize, "__func__", None)
    if serialize is None or (serialize.__module__, serialize.__qualname__) not in _ENUMS_BY_VALUE:
        return None
    names: dict[Any, str] = {}
    for name, value in type_.values.items():
        known = name if value.value is None or value.value is Undefined else value.value
        try:
            names.setdefault(known, name)
        except TypeError:  # not hashable: the type itself looks through all
            continue
    return names


def by_identity(names: dict[Any, str]) -> bool:
    """Tell whether all values are members of Python enums whose own hash is slow: there is one object of each."""
    return all(isinstance(value, Enum) and not isinstance(value, str | int) for value in names)


def serializer(type_: GraphQLLeafType, *, as_bytes: bool) -> Callable[[Any], Any]:
    """Return what serialises a type's values: where orjson is next, to what it writes as the serialised form."""
    serialize: Callable[[Any], Any] = type_.serialize
    for_bytes: Callable[[Any], Any] | None = getattr(serialize, JSON_SERIALIZER, None) if as_bytes else None
    return for_bytes or serialize


def serialized(type_: GraphQLLeafType, value: Any) -> Any:
    """Return a value's serialised form. Raises TypeError for one that is nothing."""
    result = type_.serialize(value)
    if result is Undefined or result is None:
        raise nothing_serialized(type_, value, result)
    return result


def nothing_serialized(type_: GraphQLLeafType, value: Any, result: Any) -> TypeError:
    return TypeError(
        f"Expected `{inspect(type_)}.serialize({inspect(value)})`"
        f" to return non-nullable value, returned: {inspect(result)}"
    )
