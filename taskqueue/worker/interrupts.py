"""Raising `Stop` into the main thread from another one."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from taskqueue.contract import Stop

SIGNAL = signal.SIGUSR2


class Interrupts:
    """Make it in the main thread, once a process. `Stop` is raised at most once for each block that allows it."""

    def __init__(self) -> None:
        self._allowed = False
        self._main = threading.main_thread().ident
        signal.signal(SIGNAL, self._raise)

    @contextmanager
    def allowed(self) -> Iterator[None]:
        """Let `Stop` be raised within the block, and nowhere after it."""
        self._allowed = True
        try:
            yield
        finally:
            self._allowed = False

    def interrupt(self) -> None:
        """Raise `Stop` in the main thread, out of a wait in the system too. Nothing happens outside of a block."""
        if self._allowed and self._main is not None:
            signal.pthread_kill(self._main, SIGNAL)

    def _raise(self, _: int, __: FrameType | None) -> None:
        if self._allowed:
            self._allowed = False
            raise Stop
