"""A response as JSON."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from graphql import ExecutionResult, GraphQLError

FormatError = Callable[[GraphQLError], Any]
"""Gives the wire form of an error."""


def encoded(result: ExecutionResult, format_error: FormatError | None) -> bytes:
    """Return a response as JSON, its errors first; without `format_error` they have the specification's form.

    Raises orjson.JSONEncodeError for what JSON cannot carry.
    """
    if not result.errors:
        return dumped({"data": result.data})
    formatted = [error.formatted if format_error is None else format_error(error) for error in result.errors]
    return dumped({"errors": formatted, "data": result.data})


def dumped(value: object) -> bytes:
    """Return a value as JSON, instants in UTC with a Z. Raises orjson.JSONEncodeError."""
    return orjson.dumps(value, option=orjson.OPT_UTC_Z)


async def encoded_later(result: Awaitable[ExecutionResult], format_error: FormatError | None) -> bytes:
    """Return the same of a result that is to be awaited."""
    return encoded(await result, format_error)
