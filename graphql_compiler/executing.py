"""An execution from its root: the fields of a query at once, those of a mutation one after the other."""

from __future__ import annotations

from collections.abc import Awaitable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from graphql import ExecutionContext, ExecutionResult, GraphQLError

from graphql_compiler.settling import Failed, settle
from graphql_compiler.unfinished import Unfinished

if TYPE_CHECKING:
    from graphql_compiler.positions import Completer
    from graphql_compiler.run import Run


def execute_parts(run: Run, parts: Iterable[Completer]) -> ExecutionResult | Awaitable[ExecutionResult]:
    """Complete the root value by each part, after the one before is done; return the result of all.

    It is to be awaited if something in it is.
    """
    data: dict[str, Any] = {}
    ahead = iter(parts)
    for complete in ahead:
        try:
            part = complete(run, run.root, ())
        except Exception as error:
            return _without_data(run, error)
        if type(part) is Unfinished:
            return _go_on(run, data, part, ahead)
        data.update(part)
    return _result(run, data)


async def _go_on(run: Run, data: dict[str, Any], part: Any, ahead: Iterator[Completer]) -> ExecutionResult:
    try:
        while True:
            if type(part) is Unfinished:
                await settle(run, part)
                part = part.value
            data.update(part)
            complete = next(ahead, None)
            if complete is None:
                return _result(run, data)
            part = complete(run, run.root, ())
    except Exception as error:
        return _without_data(run, error)


def _without_data(run: Run, error: Exception) -> ExecutionResult:
    """Return the result of a null that reached the root."""
    cause = error.__cause__ if isinstance(error, Failed) else error
    if not isinstance(cause, GraphQLError):
        raise error  # not of a field: a defect of ours
    run.errors.add(cause, ())
    return _result(run, None)


def _result(run: Run, data: dict[str, Any] | None) -> ExecutionResult:
    run.abandon_later()
    return ExecutionContext.build_response(data, run.errors.told)
