"""Subscriptions: the source's events by graphql-core, the response to each by the compiled operation."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING, Any, cast

from graphql import ExecutionResult, MapAsyncIterator, create_source_event_stream

from graphql_compiler.resolving import FieldResolver

if TYPE_CHECKING:
    from graphql_compiler.operation import CompiledOperation


async def events(
    operation: CompiledOperation,
    root: object,
    context: object,
    variables: dict[str, Any] | None,
    subscribe_field_resolver: FieldResolver | None,
) -> AsyncIterable[Any] | ExecutionResult:
    """Return the events that a subscription is to respond to, or a result that tells why there are none."""
    name = operation.operation.name
    return await create_source_event_stream(
        operation.schema,
        operation.document,
        root,
        context,
        variables,
        None if name is None else name.value,
        subscribe_field_resolver,
    )


def respond_to(
    source: AsyncIterable[Any], respond: Callable[[Any], ExecutionResult | Awaitable[ExecutionResult]]
) -> AsyncIterator[ExecutionResult]:
    """Return the response to each event, as it comes."""
    return cast(AsyncIterator[ExecutionResult], MapAsyncIterator(source, respond))
