"""Telling all children of a node that it stops."""

from __future__ import annotations

import mmap
import os


class Stopping:
    """Make it before the fork: parent and children share one byte."""

    def __init__(self) -> None:
        self._shared = mmap.mmap(-1, 1)
        self._parent = os.getpid()

    def ask(self) -> None:
        """Ask every child to hand its work back. For the parent; safe in a signal handler."""
        self._shared[0] = 1

    def asked(self) -> bool:
        """Tell whether to stop: the parent asks for it, or is gone."""
        return self._shared[0] == 1 or self._parent not in (os.getpid(), os.getppid())
