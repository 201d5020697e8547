"""Answers kept for a stated time: what makes a look-up on every request cheap, and how stale it may be."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

V = TypeVar("V")

Ticks = Callable[[], float]
"""Seconds of a clock that never steps back, such as `time.monotonic`."""


class Recent(Generic[V]):
    """The newest `size` answers by name, each for `seconds`."""

    def __init__(self, seconds: float, size: int, ticks: Ticks) -> None:
        self._seconds = seconds
        self._size = size
        self._ticks = ticks
        self._held: OrderedDict[str, tuple[float, V]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._held)

    def get(self, name: str) -> V | None:
        """Return the answer unless it is missing or too old."""
        held = self._held.get(name)
        if held is None or self._ticks() >= held[0]:
            return None
        return held[1]

    def keep(self, name: str, answer: V) -> None:
        """Keep an answer from now on; the oldest makes room."""
        self._held[name] = (self._ticks() + self._seconds, answer)
        self._held.move_to_end(name)
        while len(self._held) > self._size:
            self._held.popitem(last=False)

    def forget(self, name: str) -> None:
        self._held.pop(name, None)
