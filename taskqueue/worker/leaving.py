"""Ending a process between two tasks, and not within one."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Leaving:
    """Make it in the main thread, once a process. Celery ends the processes of a pool that shrinks by SIGTERM.

    It picks those that it believes idle; one that has a task by now finishes it first.
    """

    def __init__(self) -> None:
        self._busy = False
        self._asked = False
        signal.signal(signal.SIGTERM, self._leave)

    @contextmanager
    def afterwards(self) -> Iterator[None]:
        """Put off the end of the process until the block is over. Raises SystemExit there."""
        self._busy = True
        try:
            yield
        finally:
            self._busy = False
        if self._asked:
            raise SystemExit(0)

    def _leave(self, _: int, __: FrameType | None) -> None:
        if not self._busy:
            raise SystemExit(0)
        self._asked = True
