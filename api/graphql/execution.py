"""The seam between checked operations and what runs them."""

from __future__ import annotations

from asyncio import Future
from collections.abc import Awaitable
from types import CoroutineType
from typing import Any, Protocol, cast

from graphql import ExecutionContext, ExecutionResult, GraphQLError, default_field_resolver, default_type_resolver
from graphql.execution.execute import CollectedErrors

from api.graphql.plan import Plan

LATER = (CoroutineType, Future)


def comes_later(value: object) -> bool:
    """Tell whether a resolver's answer is to be awaited: a coroutine, or a future as dataloaders give.

    graphql-core looks every value up for `__await__`, which a pydantic model answers slowly.
    """
    return isinstance(value, LATER)


class Executor(Protocol):
    """Runs a plan. Field errors belong in the result; whatever is raised is a defect."""

    async def __call__(self, plan: Plan, variables: dict[str, Any], context: object) -> ExecutionResult:
        """Execute with values that are already coerced."""
        ...


async def interpret(plan: Plan, variables: dict[str, Any], context: object) -> ExecutionResult:
    """Run by graphql-core's interpreter, without its second coercion of the variables."""
    execution = ExecutionContext(
        plan.schema,
        dict(plan.fragments),
        None,
        context,
        plan.operation,
        variables,
        default_field_resolver,
        default_type_resolver,
        default_field_resolver,
        CollectedErrors(),
        None,
        comes_later,
    )
    errors = execution.collected_errors
    data: dict[str, Any] | None
    try:
        result = execution.execute_operation(plan.operation, None)
        data = await cast(Awaitable[Any], result) if execution.is_awaitable(result) else cast(Any, result)
    except GraphQLError as error:  # a null that travelled to the root
        errors.add(error, None)
        data = None
    return execution.build_response(data, errors.errors)
