"""The Celery tasks of a node: a ring runs one task of the store, and a proof tells that the node lives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from billiard.einfo import ExceptionWithTraceback
from celery import Celery
from celery.exceptions import WorkerLostError
from celery.worker.request import Request

from taskqueue.celery_app import PROVE, RING
from taskqueue.worker.child import Child


class Received(Request):  # type: ignore[misc]
    """A message as the parent sees it: Celery's own, whose acknowledgement does not fail in silence.

    Celery logs such a failure and goes on with one message fewer in flight, for ever: a node of one process hears
    nothing any more. Raised, it makes the consumer connect anew.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "connection_errors": ()})


def register(app: Celery, child: Child, process_lost: Callable[[int], None]) -> None:
    """Give a node its tasks, before it forks. `process_lost` is called in the parent, with a process id."""

    class Heard(Received):
        """A ring, that tells whose process went away under it."""

        def on_failure(self, exc_info: Any, *args: Any, **kwargs: Any) -> Any:
            error = exc_info.exception
            if isinstance(error, ExceptionWithTraceback):
                error = error.exc
            if isinstance(error, WorkerLostError) and self.worker_pid is not None:
                process_lost(self.worker_pid)
            return super().on_failure(exc_info, *args, **kwargs)

    @app.task(name=RING, Request=Heard)  # type: ignore[untyped-decorator]
    def ring(queue: str) -> None:
        child.ring(queue)

    @app.task(name=PROVE, Request=Received)  # type: ignore[untyped-decorator]
    def prove(processes: int) -> None:
        child.prove(processes)
