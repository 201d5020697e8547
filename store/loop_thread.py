"""An event loop in a thread of its own, for plain functions to use a store: its coroutines run there."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

T = TypeVar("T")


class LoopThread:
    """`name` is the thread's."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._loop = asyncio.new_event_loop()

    @contextmanager
    def running(self) -> Iterator[LoopThread]:
        """Run the loop until the end of the block."""
        thread = threading.Thread(target=self._loop.run_forever, name=self._name, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            thread.join()
            self._loop.close()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Return what `work` returns. When the caller is interrupted, so is the work, to its end."""
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result()
        except BaseException:
            if future.cancel():
                with suppress(CancelledError, Exception):
                    future.result()
            raise
