"""What the task queue asks of whatever carries its rings. Celery does it."""

from __future__ import annotations

from typing import Protocol

from taskqueue.contract import Weight


class Doorbell(Protocol):
    """Tells workers that something waits. What it tells may be lost: the sweeper makes it good."""

    def ring(self, queue: Weight, times: int = 1) -> None:
        """Wake `times` processes of a queue. Never blocks, never raises."""
        ...

    def waiting(self, queue: Weight) -> int | None:
        """Return how many rings nobody has heard yet; `None` when that cannot be told.

        Asks the broker: call it from a thread.
        """
        ...
