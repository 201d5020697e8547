"""How work grows with its input, by the processor time of this process alone: other processes do not count."""

from __future__ import annotations

import time
from collections.abc import Callable

TIMES = 8
"""How much larger the large input is: linear work grows as much, quadratic work sixty-four times."""
LINEAR = 32
RUNS = 3


def growth(run: Callable[[int], object], size: int) -> float:
    """Return how many times more work `TIMES * size` is than `size`, by the best of a few runs of each."""
    return _least(run, TIMES * size) / _least(run, size)


def _least(run: Callable[[int], object], size: int) -> float:
    return min(_seconds(run, size) for _ in range(RUNS))


def _seconds(run: Callable[[int], object], size: int) -> float:
    began = time.process_time()
    run(size)
    return max(time.process_time() - began, 1e-5)
