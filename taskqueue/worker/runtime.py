"""What a worker process has for itself: an event loop beside the main thread, and on it the store.

Nothing of it crosses a fork: it is opened by the first call.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import Future
from typing import Any, Generic, Protocol, TypeVar


class Closing(Protocol):
    async def close(self) -> None: ...


T = TypeVar("T")
C = TypeVar("C", bound=Closing)


class Runtime(Generic[C]):
    """`open_` is called on the loop; it is called again when it failed."""

    def __init__(self, open_: Callable[[], Awaitable[C]]) -> None:
        self._open = open_
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._opened: C | None = None

    @property
    def is_open(self) -> bool:
        return self._opened is not None

    def opened(self) -> C:
        """Return what was opened in this process."""
        if self._opened is None:
            self._opened = self.call(self._open_on_loop())
        return self._opened

    def call(self, work: Coroutine[Any, Any, T]) -> T:
        """Run work on the loop and return its result to the main thread."""
        return self.start(work).result()

    def start(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Start work on the loop."""
        return asyncio.run_coroutine_threadsafe(work, self._running_loop())

    def do(self, act: Callable[[], object]) -> None:
        """Have something done in the loop's thread, soon."""
        self._running_loop().call_soon_threadsafe(act)

    def close(self) -> None:
        """Close what was opened, and end the loop."""
        if self._opened is not None:
            self.call(self._opened.close())
            self._opened = None
        if self._loop is not None and self._thread is not None:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()
            self._loop = self._thread = None

    async def _open_on_loop(self) -> C:
        return await self._open()

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._thread = threading.Thread(target=self._loop.run_forever, name="taskqueue-loop", daemon=True)
            self._thread.start()
        return self._loop
