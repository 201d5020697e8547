"""What is left to graphql-core's interpreter, counted by reason."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum


class Reason(StrEnum):
    MIDDLEWARE = "middleware"
    EXECUTION_CONTEXT = "execution_context_class"
    IS_AWAITABLE = "is_awaitable"
    """A predicate of the caller's own: generated code tells awaitables by their class."""
    TOO_LARGE = "too_large"
    """More fields, fragments expanded, than are compiled."""
    TOO_DEEP = "too_deep"
    TOO_MANY_SETTINGS = "too_many_settings"
    """More combinations of `@skip` and `@include` variables than plans are kept for."""


class HandedOver:
    """How many executions were handed over, by reason."""

    def __init__(self) -> None:
        self._counts: Counter[Reason] = Counter()

    def count(self, reason: Reason) -> None:
        self._counts[reason] += 1

    @property
    def total(self) -> int:
        return sum(self._counts.values())

    def of(self, reason: Reason) -> int:
        return self._counts[reason]


handed_over = HandedOver()
"""The process's count, where an operation was given no other: a metric."""
