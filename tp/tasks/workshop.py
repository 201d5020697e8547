"""Where handlers find the platform: its services, and the event loop on which they live as long as the process."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from tenants.registry import TenantRegistry
from tp.services.catalogue import Catalogue

T = TypeVar("T")


class LoopThread:
    """An event loop in a thread of its own, for plain functions to have coroutines run on."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()

    @contextmanager
    def running(self) -> Iterator[LoopThread]:
        """Run the loop until the end of the block."""
        thread = threading.Thread(target=self._loop.run_forever, name="tp-tasks", daemon=True)
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


@dataclass(frozen=True, slots=True)
class Workshop:
    """`folder`: where files are written that no tenant's namespace may hold."""

    loop: LoopThread
    registry: TenantRegistry
    catalogue: Catalogue
    folder: Path
