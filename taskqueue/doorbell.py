"""Rings through Celery."""

from __future__ import annotations

from celery import Celery

from taskqueue.celery_app import RING, ring_queue
from taskqueue.contract import Weight
from taskqueue.publishing import Counter, Message, Publisher


class CeleryDoorbell:
    """Rings from a thread of its own. Open it in the process that uses it: it is not to be taken over a fork."""

    def __init__(self, app: Celery) -> None:
        self._publisher = Publisher(app)
        self._counter = Counter(app)
        self._queues = {weight: ring_queue(weight) for weight in Weight}

    def ring(self, queue: Weight, times: int = 1) -> None:
        """Have `times` workers look into a queue. Never blocks, never raises. A sweep makes lost rings good."""
        message = Message(RING, (queue.value,), self._queues[queue])
        for _ in range(times):
            self._publisher.send(message)

    def waiting(self, queue: Weight) -> int | None:
        """Return how many rings no worker has heard yet, `None` when the broker does not tell. May take long."""
        return self._counter.waiting(self._queues[queue])

    def close(self) -> None:
        """Send what was asked for, if the broker takes it at once."""
        self._publisher.close()
        self._counter.close()
