"""Backpressure: how long requests wait, and which are turned away before the process collapses under them.

Two kinds of requests are told apart. What is urgent is taken for longer than all else, and the rest goes first:

| what | others are turned away beyond | urgent ones beyond |
|---|---|---|
| requests under way | half of `limit` | `limit` |
| seconds that requests wait | `wait` | `URGENT_FACTOR` times `wait` |

The wait is how late the event loop is or, when that is longer, how long urgent requests have been under way, the
few oldest left aside.
"""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from collections.abc import Callable
from types import TracebackType

EVERY_SECONDS = 0.05
URGENT_FACTOR = 3
STRAGGLERS = 8
"""Urgent requests that may take long for reasons of their own."""

LONGEST_SECONDS = 30.0
"""Nobody is sent away for longer."""


class Overloaded(Exception):
    """The request is not taken now; it may come again after `retry_after` seconds, to each its own."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"too many requests; try again in {retry_after:.1f} seconds")
        self.retry_after = retry_after


class Pressure:
    """Of one process. `limit`: requests under way; `wait`: seconds that others may wait."""

    def __init__(
        self,
        limit: int,
        wait: float,
        *,
        ticks: Callable[[], float] = time.monotonic,
        jitter: Callable[[float, float], float] = random.uniform,
    ) -> None:
        self._limit = limit
        self._wait = wait
        self._ticks = ticks
        self._jitter = jitter
        self._numbers = itertools.count()
        self._urgent: dict[int, float] = {}
        self._others = 0
        self._late = 0.0
        self._due: float | None = None
        self.turned_away_urgent = 0
        self.turned_away_others = 0

    @property
    def under_way(self) -> int:
        return len(self._urgent) + self._others

    @property
    def waiting(self) -> float:
        """Return how many seconds requests wait."""
        now = self._ticks()
        oldest = next(itertools.islice(self._urgent.values(), STRAGGLERS, None), now)
        late = 0.0 if self._due is None else now - self._due
        return max(self._late, late, now - oldest)

    @property
    def turns_away(self) -> bool:
        """Tell whether anything is turned away: then other processes should be asked."""
        return not self._takes(urgent=False)

    async def watch(self) -> None:
        """Measure how late the event loop is, until cancelled."""
        while True:
            self._due = self._ticks() + EVERY_SECONDS
            await asyncio.sleep(EVERY_SECONDS)
            self._late = max(self._ticks() - self._due, 0.0)

    def admitted(self, *, urgent: bool) -> _Admitted:
        """Return a context in which the request is under way. Raises Overloaded."""
        if not self._takes(urgent):
            if urgent:
                self.turned_away_urgent += 1
            else:
                self.turned_away_others += 1
            waiting = self.waiting
            raise Overloaded(min(self._jitter(1, 2 + 2 * waiting), LONGEST_SECONDS))
        return _Admitted(self, urgent)

    def _takes(self, urgent: bool) -> bool:
        limit, wait = self._limit, self._wait
        if urgent:
            return self.under_way < limit and self.waiting <= wait * URGENT_FACTOR
        return self.under_way < limit / 2 and self.waiting <= wait

    def _begin(self, urgent: bool) -> int:
        number = next(self._numbers)
        if urgent:
            self._urgent[number] = self._ticks()
        else:
            self._others += 1
        return number

    def _end(self, number: int) -> None:
        if self._urgent.pop(number, None) is None:
            self._others -= 1


class _Admitted:
    __slots__ = ("_number", "_pressure", "_urgent")

    def __init__(self, pressure: Pressure, urgent: bool) -> None:
        self._pressure = pressure
        self._urgent = urgent

    def __enter__(self) -> None:
        self._number = self._pressure._begin(self._urgent)

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._pressure._end(self._number)
