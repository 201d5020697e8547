"""Whose turn it is to write, among the processes that share a file.

SQLite's own lock lets one write at a time, but whoever finds it taken looks again after up to a tenth of a second,
and next to a process that writes without a pause hardly ever finds it free. Here whoever waits stands in front of
whoever has just written: there are two locks, and to take the second one must hold the first. Both are let go by
the kernel when a process dies.
"""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from store.errors import Unavailable

_LOOK_SECONDS: Final = 0.0005


class Turn:
    """The turn at one file, as one process asks for it. Files beside it, empty ones, carry the locks."""

    def __init__(self, file: Path, patience: float) -> None:
        """`patience`: seconds after which waiting is given up."""
        self._paths = [file.with_suffix(suffix) for suffix in (".next", ".turn")]
        self._patience = patience
        self._locks: list[int] = []

    def take(self) -> bool:
        """Take the turn if nobody has it or waits for it; tell whether it was taken. Raises OSError."""
        if not self._locks:
            self._locks = [os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644) for path in self._paths]
        next_, turn = self._locks
        if not _locked(next_):
            return False
        try:
            return _locked(turn)
        finally:
            fcntl.flock(next_, fcntl.LOCK_UN)

    def wait(self) -> None:
        """Wait until the turn is ours. Blocks. Raises Unavailable, OSError."""
        until = time.monotonic() + self._patience
        next_, turn = self._locks
        _wait(next_, until)
        try:
            _wait(turn, until)
        finally:
            fcntl.flock(next_, fcntl.LOCK_UN)

    def leave(self) -> None:
        """Leave the turn to whoever waits."""
        with suppress(IndexError):
            fcntl.flock(self._locks[1], fcntl.LOCK_UN)

    def close(self) -> None:
        """Let go of the files."""
        while self._locks:
            os.close(self._locks.pop())


def _locked(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _wait(file: int, until: float) -> None:
    while not _locked(file):
        if time.monotonic() > until:
            raise Unavailable("the store cannot write: another process does not let it")
        time.sleep(_LOOK_SECONDS)
