"""Passwords: argon2id, off the event loop, in a pool with a stated number of threads and places to wait.

The parameters are OWASP's first recommendation (19 MiB, two passes, one lane): some 20 to 40 ms of one core, so
that guessing is dear and a two-core server still answers 50 logins a second. Memory is bounded by the pool:
threads × 19 MiB. Students in numbers use access codes, which need none of this.
"""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from argon2.low_level import Type

from tp.services.identity.errors import Throttled

T = TypeVar("T")

THREADS = 2
WAITING = 64
LEAST_LENGTH = 8
"""For all, staff and students, as NIST SP 800-63B asks; who cannot keep one is given an access code."""
GREATEST_LENGTH = 200

RETRY_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Argon2Parameters:
    memory_kib: int = 19_456
    passes: int = 2
    lanes: int = 1


@dataclass(frozen=True, slots=True)
class Verified:
    """`outdated`: right, and kept under other parameters than today's; hash it again."""

    right: bool
    outdated: bool = False


class Passwords:
    """Hashes and checks passwords. `threads` work at once, `waiting` more may queue, others are turned away."""

    def __init__(
        self,
        parameters: Argon2Parameters | None = None,
        *,
        threads: int = THREADS,
        waiting: int = WAITING,
    ) -> None:
        parameters = parameters or Argon2Parameters()
        self._argon2 = PasswordHasher(
            time_cost=parameters.passes,
            memory_cost=parameters.memory_kib,
            parallelism=parameters.lanes,
            type=Type.ID,
        )
        self.threads = threads
        self._places = BoundedSemaphore(threads + waiting)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="argon2")
        self._nobody = self._argon2.hash("nobody has this password")

    async def hash(self, password: str) -> str:
        """Return the encoded hash, salt and parameters included. Raises Throttled when the queue is full."""
        return await self._run(lambda: self._argon2.hash(_plain(password)))

    async def verify(self, kept: str | None, password: str) -> Verified:
        """Check a password. Without a kept hash the answer is no, after the same work as for a wrong one.

        Raises Throttled when the queue is full.
        """
        return await self._run(lambda: self._verify(kept, password))

    def close(self) -> None:
        """End the threads; idempotent."""
        self._pool.shutdown(cancel_futures=True)

    def _verify(self, kept: str | None, password: str) -> Verified:
        try:
            self._argon2.verify(kept or self._nobody, _plain(password))
        except (VerifyMismatchError, InvalidHashError):
            return Verified(False)
        if not kept:
            return Verified(False)
        return Verified(True, outdated=self._argon2.check_needs_rehash(kept))

    async def _run(self, work: Callable[[], T]) -> T:
        if not self._places.acquire(blocking=False):
            raise Throttled(RETRY_SECONDS)
        future = self._pool.submit(work)
        # The place is free when the work has ended, not when somebody has stopped waiting for it.
        future.add_done_callback(lambda _: self._places.release())
        return await asyncio.wrap_future(future)


def _plain(password: str) -> bytes:
    """Return the bytes that are hashed: the same whichever keyboard composed the letters."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
