"""What is not compiled, executed by graphql-core's interpreter, with variables that are coerced already."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from graphql import ExecutionContext, ExecutionResult, GraphQLError


def interpret(context: ExecutionContext) -> ExecutionResult | Awaitable[ExecutionResult]:
    """Return the result of the context's operation, to be awaited if something in it is."""
    errors = context.collected_errors

    def failed(error: GraphQLError) -> ExecutionResult:
        errors.add(error, None)
        return context.build_response(None, errors.errors)

    try:
        data: Any = context.execute_operation(context.operation, context.root_value)
    except GraphQLError as error:
        return failed(error)
    if not context.is_awaitable(data):
        return context.build_response(data, errors.errors)

    async def awaited() -> ExecutionResult:
        try:
            return context.build_response(await data, errors.errors)
        except GraphQLError as error:
            return failed(error)

    return awaited()
