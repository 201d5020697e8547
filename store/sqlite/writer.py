"""The one writer of a namespace: all commits that wait are made durable together.

While one transaction of SQLite waits for the disk, further commits gather; the next transaction takes them all.
Each is checked before anything of it is written, so that a refused commit leaves its neighbours alone.

The statements run on the event loop's own thread and only the waiting is done by another: a statement takes
microseconds, whereas a thread that runs dozens of them asks as often for the interpreter's lock and, next to a
busy event loop, gets it every 5 ms (measured there: 120 commits a second that way, 1,500 this way).
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from typing import Final, TypeVar

from store.errors import OutcomeUnknown, Unavailable
from store.sqlite.changes import Changes, apply, refusal
from store.sqlite.files import BUSY_SECONDS
from store.sqlite.turn import Turn

T = TypeVar("T")

_COMMITS_TOGETHER: Final = 256
_IDLE_SECONDS: Final = 60.0

Outcome = Exception | None


class Writer:
    """Writes to one file, which is opened by the first commit and let go when there was none for a minute."""

    def __init__(self, open_connection: Callable[[], sqlite3.Connection], turn: Turn, threads: Executor) -> None:
        self.durable_commits = 0
        self._open_connection = open_connection
        self._turn = turn
        self._threads = threads
        self._connection: sqlite3.Connection | None = None
        self._waiting: deque[tuple[Changes, asyncio.Future[None]]] = deque()
        self._writing: asyncio.Task[None] | None = None
        self._letting_go: asyncio.TimerHandle | None = None
        self._closed = False

    async def commit(self, commit: Changes) -> None:
        """Return when `commit` is on the disk.

        Raises Stale, AlreadyExists, Unavailable, OutcomeUnknown. A caller that is cancelled may find it done.
        """
        if self._closed:
            raise Unavailable("the store is closed")
        loop = asyncio.get_running_loop()
        done = loop.create_future()
        self._waiting.append((commit, done))
        if self._writing is None:
            self._writing = loop.create_task(self._write_all())
        await done

    async def close(self) -> None:
        """Write what was accepted, then let go of the file. Idempotent."""
        self._closed = True
        if self._writing:
            await asyncio.wait([self._writing])
        if self._letting_go:
            self._letting_go.cancel()
        self._disconnect()

    async def _write_all(self) -> None:
        if self._letting_go:
            self._letting_go.cancel()
        try:
            while self._waiting:
                count = min(len(self._waiting), _COMMITS_TOGETHER)
                batch = [self._waiting.popleft() for _ in range(count)]
                outcomes = await self._write([commit for commit, _ in batch])
                for (_, done), outcome in zip(batch, outcomes, strict=True):
                    _settle(done, outcome)
        finally:
            self._writing = None
        self._letting_go = asyncio.get_running_loop().call_later(_IDLE_SECONDS, self._disconnect)

    async def _write(self, commits: Sequence[Changes]) -> list[Outcome]:
        try:
            connection = await self._begin()
            outcomes = [_write_one(connection, commit) for commit in commits]
        except Exception as error:
            self._disconnect()
            return [_as_unavailable(error)] * len(commits)
        try:
            await self._apart(lambda: connection.execute("COMMIT"))
        except Exception as error:
            self._disconnect()
            return [outcome or _after_commit(error) for outcome in outcomes]
        self._turn.leave()
        self.durable_commits += 1
        return outcomes

    async def _begin(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = await self._apart(self._open_connection)
        connection = self._connection
        if not self._turn.take():
            # Another process writes: wait for it where waiting stops nobody else.
            await self._apart(self._turn.wait)
        try:
            _begin(connection, 0)
        except sqlite3.OperationalError:  # one that does not take turns
            await self._apart(lambda: _begin(connection, BUSY_SECONDS))
        return connection

    async def _apart(self, wait: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, wait)

    def _disconnect(self) -> None:
        # Closing rolls back what is open, and a fresh connection cannot be in a doubtful state.
        if self._connection:
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None
        self._turn.close()


def _begin(connection: sqlite3.Connection, busy_seconds: float) -> None:
    connection.execute(f"PRAGMA busy_timeout = {int(busy_seconds * 1000)}")
    connection.execute("BEGIN IMMEDIATE")


def _write_one(connection: sqlite3.Connection, commit: Changes) -> Outcome:
    refused = refusal(connection, commit)
    if refused is None:
        apply(connection, commit)
    return refused


def _as_unavailable(error: Exception) -> Exception:
    if isinstance(error, sqlite3.Error | OSError):
        return Unavailable(f"the store cannot write: {error}")
    return error


def _after_commit(error: Exception) -> Exception:
    code = getattr(error, "sqlite_errorcode", None)
    if code is not None and code & 0xFF == sqlite3.SQLITE_IOERR:
        # The frames may have reached the disk although the disk said no.
        return OutcomeUnknown(f"the disk failed during a commit: {error}")
    return _as_unavailable(error)


def _settle(done: asyncio.Future[None], outcome: Outcome) -> None:
    if done.done():
        return  # Its caller was cancelled.
    if outcome is None:
        done.set_result(None)
    else:
        done.set_exception(outcome)
