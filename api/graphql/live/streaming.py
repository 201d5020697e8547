"""The seam between a checked subscription and what runs it: from its source's events to the bytes of answers."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from typing import Any, cast

import orjson
from graphql import ExecutionResult, GraphQLError, create_source_event_stream

from api.graphql.execution import Formatted, respond
from api.graphql.plan import Plan

Contexts = Callable[[], Awaitable[object]]
"""Makes a context for one event: what a dataloader has read for one is not told for the next."""


async def stream(
    plan: Plan,
    given: Mapping[str, Any],
    coerced: dict[str, Any],
    context_of: Contexts,
    formatted: Formatted,
) -> AsyncGenerator[bytes]:
    """Yield an answer's JSON for each event of a subscription; an error of the source is told as the last.

    `given` and `coerced` are the variables as they were sent and as resolvers take them.
    """
    source = await create_source_event_stream(
        plan.schema, plan.document, None, await context_of(), dict(given), plan.name
    )
    if isinstance(source, ExecutionResult):
        yield orjson.dumps({"errors": [formatted(error) for error in source.errors or ()], "data": None})
        return
    async with aclosing(cast(AsyncGenerator[Any], source)) as open_events:
        try:
            async for event in open_events:
                yield await respond(plan, coerced, await context_of(), formatted, root=event)
        except Exception as error:
            told = GraphQLError("the stream has ended", original_error=error)
            yield orjson.dumps({"errors": [formatted(told)], "data": None})
