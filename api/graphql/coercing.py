"""Coercion of input values by functions that are made once for a type.

They take what is plainly right, which nearly all input is; whatever else comes is left to graphql-core, which
finds the words for what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from graphql import (
    GraphQLEnumType,
    GraphQLID,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLString,
    OperationDefinitionNode,
    Undefined,
    type_from_ast,
)

Coerce = Callable[[Any], Any]
"""Return the value for execution. Raises NotPlain."""


class NotPlain(Exception):
    """The value is wrong, or right in an unusual way."""


class Coercers:
    """Makes the functions, one for each type of a schema; a list of more than `longest` items is not plain."""

    def __init__(self, schema: GraphQLSchema, longest: int) -> None:
        self._schema = schema
        self._longest = longest
        self._objects: dict[str, Coerce] = {}

    def of(self, operation: OperationDefinitionNode) -> Mapping[str, Coerce]:
        """Return a function for each variable of a valid operation."""
        return {
            node.variable.name.value: self._type(cast(GraphQLInputType, type_from_ast(self._schema, node.type)))
            for node in operation.variable_definitions
        }

    def _type(self, type_: GraphQLInputType) -> Coerce:
        if isinstance(type_, GraphQLNonNull):
            return _non_null(self._nullable(type_.of_type))
        return _nullable(self._nullable(type_))

    def _nullable(self, type_: GraphQLInputType) -> Coerce:
        if isinstance(type_, GraphQLList):
            return _list(self._type(type_.of_type), self._longest)
        if isinstance(type_, GraphQLInputObjectType):
            return self._object(type_)
        if type_ is GraphQLString or type_ is GraphQLID:
            return _text
        assert isinstance(type_, GraphQLScalarType | GraphQLEnumType)
        return _leaf(type_)

    def _object(self, type_: GraphQLInputObjectType) -> Coerce:
        """Return the function of an input object; one that holds itself finds its own when it is called."""
        if type_.name not in self._objects:
            self._objects[type_.name] = lambda value: self._objects[type_.name](value)
            self._objects[type_.name] = self._fields(type_)
        return self._objects[type_.name]

    def _fields(self, type_: GraphQLInputObjectType) -> Coerce:
        fields = [
            (
                name,
                field.out_name or name,
                self._type(field.type),
                field.default_value,
                isinstance(field.type, GraphQLNonNull),
            )
            for name, field in type_.fields.items()
        ]
        out_type = type_.out_type

        def coerce(value: Any) -> Any:
            if not isinstance(value, dict):
                raise NotPlain
            coerced: dict[str, Any] = {}
            known = 0
            for name, out_name, of_field, default, needed in fields:
                given = value.get(name, Undefined)
                if given is not Undefined:
                    known += 1
                    coerced[out_name] = of_field(given)
                elif default is not Undefined:
                    coerced[out_name] = default
                elif needed:
                    raise NotPlain
            if known != len(value):
                raise NotPlain
            return out_type(coerced)

        return coerce


def _non_null(coerce: Coerce) -> Coerce:
    def of_value(value: Any) -> Any:
        if value is None:
            raise NotPlain
        return coerce(value)

    return of_value


def _nullable(coerce: Coerce) -> Coerce:
    return lambda value: None if value is None else coerce(value)


def _list(of_item: Coerce, longest: int) -> Coerce:
    def coerce(value: Any) -> Any:
        if not isinstance(value, list) or len(value) > longest:
            raise NotPlain
        return [of_item(item) for item in value]

    return coerce


def _text(value: Any) -> Any:
    if type(value) is not str:
        raise NotPlain
    return value


def _leaf(type_: GraphQLScalarType | GraphQLEnumType) -> Coerce:
    parse = type_.parse_value

    def coerce(value: Any) -> Any:
        try:
            parsed = parse(value)
        except Exception as error:  # whatever a scalar raises: graphql-core asks again, and tells
            raise NotPlain from error
        if parsed is Undefined:
            raise NotPlain
        return parsed

    return coerce
