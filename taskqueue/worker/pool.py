"""The number of processes of a running node, by Celery's own pool control."""

from __future__ import annotations

from typing import Any

import structlog
from celery.utils.collections import AttributeDict
from celery.worker.control import pool_grow, pool_shrink

log = structlog.get_logger(__name__)


class ResizablePool:
    """What is wanted may be said in any thread. It takes effect on the loop of Celery's consumer."""

    def __init__(self, processes: int) -> None:
        self._wanted = processes
        self._consumer: Any = None

    def began(self, consumer: Any) -> None:
        """Take over the consumer of a node that is ready, or ready again."""
        self._consumer = consumer
        consumer.call_soon(self._resize)

    def want(self, processes: int) -> None:
        """Have so many processes run. Said again, it goes on where busy processes could not be ended before."""
        self._wanted = processes
        if self._consumer is not None:
            self._consumer.call_soon(self._resize)

    def _resize(self) -> None:
        if self._consumer.pool is None or not self._consumer.pool.active:
            return  # it stops
        state = AttributeDict(consumer=self._consumer)
        missing = self._wanted - self._consumer.pool.num_processes
        if missing:
            log.info("pool_resized", wanted=self._wanted, by=missing)
        if missing > 0:
            pool_grow(state, missing)
        for _ in range(-missing):
            try:
                pool_shrink(state, 1)
            except ValueError:
                return  # all are busy: those that are idle next time will do
