"""Checked operations, run: from coerced variables to the bytes of the answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphql import GraphQLError

from api.graphql.plan import Plan

Formatted = Callable[[GraphQLError], dict[str, Any]]
"""Gives the wire form of an error."""


async def respond(
    plan: Plan, variables: dict[str, Any], context: object, formatted: Formatted, root: object = None
) -> bytes:
    """Execute with values that are already coerced; return the answer's JSON. `root`: the event to answer to.

    Raises orjson.JSONEncodeError for a scalar's result that JSON cannot carry; anything else raised is a defect.
    """
    answer = plan.compiled.execute_bytes_coerced(root, context, variables, format_error=formatted)
    return answer if isinstance(answer, bytes) else await answer
