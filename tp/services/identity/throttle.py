"""Failed logins are counted, never successful ones: ten thousand students of one school come from one address.

A bucket holds a number of failures; each failure takes one and time gives it back. Buckets are in the memory
of one process: with N processes somebody who is spread over all of them has N times as many guesses, which the
defaults allow for, and a restart forgives. Memory is bounded: the longest untouched bucket is dropped, and a
dropped bucket is a full one. Filling the memory takes failures too, and those are counted by address.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime

KEPT = 50_000


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many failures at once, then one more every `seconds_each`."""

    failures: int
    seconds_each: float


PER_LOGIN = Allowance(10, 30.0)
"""Of one login of one tenant: some 2,900 guesses a day, against argon2 and eight characters."""

PER_ADDRESS = Allowance(200, 0.5)
"""Of one client address: what a school's typing errors come to, and no more than two guesses a second after."""


class Throttle:
    """Failures by name, under one allowance."""

    def __init__(self, allowance: Allowance, *, kept: int = KEPT) -> None:
        self._allowance = allowance
        self._kept = kept
        self._buckets: OrderedDict[tuple[str, ...], tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._buckets)

    def wait(self, name: tuple[str, ...], now: datetime) -> float:
        """Return the seconds until `name` may try, 0 for now."""
        left = self._left(name, now)
        return 0.0 if left >= 1 else (1 - left) * self._allowance.seconds_each

    def take(self, name: tuple[str, ...], now: datetime) -> None:
        """Count a failure, or a try that may become one: `give_back` when it does not.

        Counting at the start is what holds against a thousand guesses sent at once.
        """
        self._set(name, max(0.0, self._left(name, now) - 1), now)

    def give_back(self, name: tuple[str, ...], now: datetime) -> None:
        """Uncount a try that did not fail."""
        self._set(name, self._left(name, now) + 1, now)

    def forget(self, name: tuple[str, ...]) -> None:
        """Forgive all failures of `name`."""
        self._buckets.pop(name, None)

    def _left(self, name: tuple[str, ...], now: datetime) -> float:
        full = float(self._allowance.failures)
        left, since = self._buckets.get(name, (full, 0.0))
        regained = max(0.0, now.timestamp() - since) / self._allowance.seconds_each
        return min(full, left + regained)

    def _set(self, name: tuple[str, ...], left: float, now: datetime) -> None:
        if left >= self._allowance.failures:
            self.forget(name)
            return
        self._buckets[name] = (left, now.timestamp())
        self._buckets.move_to_end(name)
        while len(self._buckets) > self._kept:
            self._buckets.popitem(last=False)
