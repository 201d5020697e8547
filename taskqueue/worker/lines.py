"""What a node and its supervisor say to each other, a line each, over the node's standard input and output."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from contextlib import suppress

PROCESSES = "processes"
"""To the node: run so many."""
READY = "ready"
"""To the supervisor: it hears rings from now on."""
LOST = "lost"
"""To the supervisor: the process with this id went away under its task."""


class Speaking:
    """Standard output, kept for the supervisor: what handlers print goes to standard error from now on."""

    def __init__(self) -> None:
        self._out = os.dup(1)
        os.dup2(2, 1)

    def ready(self) -> None:
        self._say(READY)

    def lost(self, process: int) -> None:
        """Tell that a process is gone."""
        self._say(f"{LOST} {process}")

    def _say(self, line: str) -> None:
        with suppress(OSError):  # the supervisor may be gone, which `listen` finds out
            os.write(self._out, f"{line}\n".encode())


def listen(on_processes: Callable[[int], None]) -> None:
    """Hear the supervisor from a thread. When it is gone this process stops in good order."""

    def hear() -> None:
        with os.fdopen(0, closefd=False) as lines:
            for line in lines:
                word, _, number = line.partition(" ")
                if word == PROCESSES:
                    on_processes(int(number))
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=hear, name="taskqueue-supervisor", daemon=True).start()
