"""Values of variables: coerced to the types that the operation declares, and held to the limits of size."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

from graphql import (
    GraphQLError,
    GraphQLInputType,
    VariableDefinitionNode,
    is_non_null_type,
    type_from_ast,
    value_from_ast,
)
from graphql.utilities import coerce_input_value

from api.graphql.codes import ErrorCode
from api.graphql.coercing import NotPlain
from api.graphql.limits import Limits
from api.graphql.plan import Plan, check_sizes
from api.graphql.problems import ERRORS_TOLD, NotExecutable, problem

PLAIN_WORDS = (
    (
        re.compile(r"Expected non-nullable type '(.+)' not to be None\."),
        "a value of type `{}` is needed, not null.",
    ),
    (re.compile(r"Expected type '(.+)' to be a mapping\."), "an object of type `{}` is needed."),
)


class _Enough(Exception):
    """As many errors were found as will be told."""


def coerced_variables(plan: Plan, given: Mapping[str, Any], limits: Limits, *, reveal: bool) -> dict[str, Any]:
    """Return the values for execution. Raises NotExecutable, which names the place and never the whole value."""
    try:
        values = _plainly(plan, given)
    except NotPlain:
        values = _with_errors(plan, given, limits, reveal)
    if plan.survey.sized_by_variables:
        check_sizes(plan.survey, values, limits)
    return values


def _plainly(plan: Plan, given: Mapping[str, Any]) -> dict[str, Any]:
    """Coerce what has no fault, and no default to be looked up. Raises NotPlain."""
    if plan.coercers.keys() - given.keys():
        raise NotPlain
    return {name: coerce(given[name]) for name, coerce in plan.coercers.items()}


def _with_errors(plan: Plan, given: Mapping[str, Any], limits: Limits, reveal: bool) -> dict[str, Any]:
    errors: list[GraphQLError] = []
    values: dict[str, Any] = {}
    try:
        for definition in plan.operation.variable_definitions:
            name = definition.variable.name.value
            if name in given:
                _check_lists(definition, name, given[name], limits.input_list)
            _coerce(plan, definition, given, values, errors, reveal)
    except _Enough:
        pass
    if errors:
        raise NotExecutable(errors)
    return values


def _coerce(
    plan: Plan,
    definition: VariableDefinitionNode,
    given: Mapping[str, Any],
    values: dict[str, Any],
    errors: list[GraphQLError],
    reveal: bool,
) -> None:
    name = definition.variable.name.value
    type_ = cast(GraphQLInputType, type_from_ast(plan.schema, definition.type))

    def refuse(path: Sequence[str | int], reason: str) -> None:
        if len(errors) >= ERRORS_TOLD:
            raise _Enough
        message = (
            f"Variable `${name}` at `{_place(name, path)}`: {reason}" if path else f"Variable `${name}`: {reason}"
        )
        errors.append(problem(ErrorCode.BAD_USER_INPUT, message, definition, input=[name, *path]))

    if name not in given:
        if definition.default_value is not None:
            values[name] = value_from_ast(definition.default_value, type_)
        elif is_non_null_type(type_):
            refuse((), f"a value of type `{type_}` is needed.")
    elif given[name] is None and is_non_null_type(type_):
        refuse((), f"a value of type `{type_}` is needed, not null.")
    else:
        values[name] = coerce_input_value(
            given[name],
            type_,
            lambda path, _, error: refuse(path, _in_plain_words(error.message)),
            None,
            not reveal,
        )


def _check_lists(definition: VariableDefinitionNode, name: str, value: Any, limit: int) -> None:
    """Raise NotExecutable for a list over the limit anywhere in the value; nesting is limited already."""
    waiting: list[tuple[tuple[str | int, ...], Any]] = [((), value)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, list):
            if len(value) > limit:
                message = (
                    f"Variable `${name}` has a list of {len(value)} items at `{_place(name, path)}`; "
                    f"at most {limit} are taken at once."
                )
                raise NotExecutable([problem(ErrorCode.LIMIT_EXCEEDED, message, definition, input=[name, *path])])
            waiting += (((*path, i), item) for i, item in enumerate(value) if isinstance(item, dict | list))
        elif isinstance(value, dict):
            waiting += (((*path, key), item) for key, item in value.items() if isinstance(item, dict | list))


def _in_plain_words(message: str) -> str:
    """Return the library's message in the words of JSON where it speaks those of Python."""
    for told, plain in PLAIN_WORDS:
        match = told.fullmatch(message)
        if match:
            return plain.format(match[1])
    return message


def _place(name: str, path: Sequence[str | int]) -> str:
    return name + "".join(f"[{step}]" if isinstance(step, int) else f".{step[:60]}" for step in path)
