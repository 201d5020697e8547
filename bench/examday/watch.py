"""What the server spends and holds while the day passes, looked at twice a second."""

from __future__ import annotations

import threading
import time
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from bench.cpu import cpu_seconds, held_mebibytes

LOOK_SECONDS = 0.5


@dataclass(slots=True)
class Watch:
    """`looks`: instants with the CPU seconds spent until then; `largest`: the most MiB that one process held."""

    looks: list[tuple[float, float]] = field(default_factory=list)
    largest: float = 0.0

    def spent(self, since: float, until: float) -> float | None:
        """Return the CPU seconds between two instants, to the nearest look; `None` when nothing was seen."""
        if not self.looks:
            return None
        instants = [at for at, _ in self.looks]
        first, last = (min(bisect_left(instants, at), len(instants) - 1) for at in (since, until))
        return self.looks[last][1] - self.looks[first][1]


@contextmanager
def watching(process: int) -> Iterator[Watch]:
    """Watch a process and all that it started. What a killed process had spent since the last look is not seen."""
    watch, over = Watch(), threading.Event()

    def look() -> None:
        ended, before = 0.0, 0.0
        while not over.is_set():
            spent = cpu_seconds(process)
            if spent is not None:
                # The sum of the living falls when one is killed: what it had spent stays spent.
                ended += max(0.0, before - spent)
                before = spent
                watch.looks.append((time.time(), ended + spent))
            watch.largest = max([watch.largest, *held_mebibytes(process).values()])
            over.wait(LOOK_SECONDS)

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield watch
    finally:
        over.set()
        thread.join()
