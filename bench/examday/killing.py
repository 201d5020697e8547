"""Kills a server's workers with -9, one every few seconds: the supervisor starts others."""

from __future__ import annotations

import os
import random
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.cpu import PROC, leaves


@contextmanager
def killing(server: int, every: float) -> Iterator[list[int]]:
    """Kill one worker after the other while the block runs; give the list of those that were killed."""
    killed: list[int] = []
    over = threading.Event()

    def kill() -> None:
        while not over.wait(every):
            workers = [process for process in leaves(server) if process != server and _serves(process)]
            if workers:
                victim = random.choice(workers)
                os.kill(victim, signal.SIGKILL)
                killed.append(victim)

    thread = threading.Thread(target=kill, daemon=True)
    thread.start()
    try:
        yield killed
    finally:
        over.set()
        thread.join()


def _serves(process: int) -> bool:
    """Tell a worker from the helper processes of multiprocessing."""
    try:
        return b"spawn_main" in Path(PROC / str(process) / "cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return False
