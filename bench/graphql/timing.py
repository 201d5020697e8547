"""CPU time of an operation, in rounds that take turns with those of others."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass

ROUND_SECONDS = 0.1

Batch = Callable[[int], None]
"""Does an operation so many times."""


@dataclass(slots=True)
class Timed:
    """An operation with the count that a round repeats it."""

    batch: Batch
    count: int = 0

    def round(self) -> float:
        """Return the milliseconds of CPU that one operation took."""
        if not self.count:
            self.batch(3)  # so that what is made once is there
            self.count = max(1, int(ROUND_SECONDS / (_seconds(self.batch, 3) / 3)))
        return _seconds(self.batch, self.count) / self.count * 1000


def repeated(operation: Callable[[], object]) -> Batch:
    """Return the batch that calls a function."""

    def batch(count: int) -> None:
        for _ in range(count):
            operation()

    return batch


def _seconds(batch: Batch, count: int) -> float:
    gc.collect()
    began = time.process_time()
    batch(count)
    return time.process_time() - began
