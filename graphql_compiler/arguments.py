"""Values of arguments: known when the operation is compiled, or once an execution, or at every call."""

from __future__ import annotations

import datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from types import NoneType
from typing import Any
from uuid import UUID

from graphql import FieldNode, GraphQLArgument, GraphQLError, GraphQLField, ValueNode, VariableNode
from graphql.execution.values import get_argument_values
from graphql.pyutils import Undefined

IMMUTABLE = (
    NoneType,
    bool,
    int,
    float,
    complex,
    str,
    bytes,
    Decimal,
    Fraction,
    UUID,
    Enum,
    datetime.date,
    datetime.time,
    datetime.timedelta,
    datetime.tzinfo,
)


class Arguments:
    """The arguments of a selected field.

    `constant`: their values, where no variable and nothing mutable is among them. `kept`: one evaluation serves
    an execution, as a resolver finds nothing that it could change for the next call but a variable's own value,
    which all calls share anyway. Otherwise they are evaluated for every call, as graphql-core does.
    """

    def __init__(self, definition: GraphQLField, node: FieldNode) -> None:
        self._definition = definition
        self._node = node
        self.constant: dict[str, Any] | None = None
        self.kept = False
        if not definition.args:
            self.constant = {}
            return
        given = {argument.name.value: argument.value for argument in node.arguments or ()}
        open_ = [name for name in definition.args if variables_in(given.get(name))]
        if open_:
            self.kept = all(
                isinstance(given[name], VariableNode) and _fixed_default(argument)
                if name in open_
                else self._fixed(name, given.get(name))
                for name, argument in definition.args.items()
            )
            return
        values = self._attempt()
        if values is not None and all(is_immutable(value) for value in values.values()):
            self.constant = values

    def evaluate(self, variables: dict[str, Any]) -> dict[str, Any]:
        """Return the values by parameter. Raises GraphQLError for one that does not fit."""
        return get_argument_values(self._definition, self._node, variables)

    def _attempt(self) -> dict[str, Any] | None:
        try:
            return get_argument_values(self._definition, self._node, {})
        except GraphQLError:
            return None  # told at every call

    def _fixed(self, name: str, node: ValueNode | None) -> bool:
        argument = self._definition.args[name]
        if node is None:
            return _fixed_default(argument)
        alone = GraphQLField(self._definition.type, args={name: argument})
        try:
            values = get_argument_values(alone, self._node, {})
        except GraphQLError:
            return False
        return all(is_immutable(value) for value in values.values())


def is_immutable(value: object) -> bool:
    """Tell whether nobody can change the value."""
    if isinstance(value, tuple | frozenset):
        return all(is_immutable(item) for item in value)
    return isinstance(value, IMMUTABLE)


def _fixed_default(argument: GraphQLArgument) -> bool:
    return argument.default_value is Undefined or is_immutable(argument.default_value)


def variables_in(node: ValueNode | None) -> set[str]:
    """Return the names of the variables in a value."""
    found: set[str] = set()
    waiting: list[Any] = [node]
    while waiting:
        value = waiting.pop()
        if isinstance(value, VariableNode):
            found.add(value.name.value)
        else:
            waiting += getattr(value, "values", None) or ()
            waiting += [field.value for field in getattr(value, "fields", None) or ()]
    return found
