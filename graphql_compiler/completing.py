"""Completion of what generated code does not complete in line: nulls, exceptions, awaitables, callables."""

from __future__ import annotations

from collections.abc import AsyncIterable
from types import GeneratorType
from typing import TYPE_CHECKING, Any, cast

from graphql import GraphQLError, GraphQLObjectType
from graphql.execution.execute import invalid_return_type_error
from graphql.pyutils import is_awaitable, is_iterable

from graphql_compiler.errors import located
from graphql_compiler.kinds import AWAITABLE, CALLABLE, EXCEPTION, NULL
from graphql_compiler.steps import of_field

if TYPE_CHECKING:
    from graphql_compiler.positions import Completer, Position
    from graphql_compiler.run import Run
    from graphql_compiler.steps import Steps


def complete(run: Run, position: Position, value: Any, path: Steps) -> Any:
    """Complete any value: to what the answer holds, to `None`, or to something unfinished.

    Raises what the value is when it is an exception, and what makes it null where no null may be.
    """
    kind = run.plan.kinds[type(value)]
    if kind & CALLABLE and position.calls:
        value = value(run.info(position.field, path), **run.arguments_of(position.field))
        kind = run.plan.kinds[type(value)]
    if kind & AWAITABLE and (type(value) is not GeneratorType or is_awaitable(value)):
        return run.awaiting(value)
    return complete_awaited(run, position, value, path)


def complete_awaited(run: Run, position: Position, value: Any, path: Steps) -> Any:
    """Complete a value that is there. Raises as `complete`."""
    kind = run.plan.kinds[type(value)]
    if kind & EXCEPTION:
        raise value
    if kind & NULL:
        if position.nullable:
            return None
        raise TypeError(f"Cannot return null for non-nullable field {position.field.name}.")
    return position.complete(run, value, path)


def nulled(run: Run, position: Position, error: Exception, path: Steps) -> None:
    """Keep the error that makes the value at a nullable position null."""
    run.errors.add(located(error, position, path), path)


def items_of(run: Run, position: Position, value: Any) -> Any:
    """Return what to iterate over for a list; of an async iterable, the unfinished list.

    Raises GraphQLError for a value that is no list.
    """
    if is_iterable(value):
        return value
    if isinstance(value, AsyncIterable):
        return run.awaiting(_drained(value))
    raise GraphQLError(f"Expected Iterable, but did not find one for field '{position.field.name}'.")


async def _drained(items: AsyncIterable[Any]) -> list[Any]:
    return [item async for item in items]


def checking_type(type_: GraphQLObjectType, position: Position, complete_object: Completer) -> Completer:
    """Return a completer of objects that first asks the type whether they are of it."""
    is_type_of = type_.is_type_of
    assert is_type_of is not None

    def check(run: Run, value: Any, path: Steps) -> Any:
        verdict = is_type_of(value, run.info(position.field, of_field(path)))
        if run.plan.kinds[type(verdict)] & AWAITABLE:
            return run.awaiting(cast(Any, verdict), lambda run, said, path: decide(run, value, said, path))
        return decide(run, value, verdict, path)

    def decide(run: Run, value: Any, verdict: Any, path: Steps) -> Any:
        if not verdict:
            raise invalid_return_type_error(type_, value, position.nodes)
        return complete_object(run, value, path)

    return check
