"""The one thread that writes to a namespace: all commits that wait are made durable together.

While one transaction of SQLite waits for the disk, further commits gather; the next transaction takes them all.
Each is checked before anything of it is written, so that a refused commit leaves its neighbours alone.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from store.errors import OutcomeUnknown, Unavailable
from store.sqlite.changes import Changes, apply, refusal

_IDLE_SECONDS: Final = 60.0
_COMMITS_TOGETHER: Final = 256

Outcome = Exception | None


@dataclass(frozen=True, slots=True)
class _Waiting:
    commit: Changes
    done: asyncio.Future[None]
    loop: asyncio.AbstractEventLoop


class Writer:
    """Writes to one file; the thread starts with the first commit and ends when there was none for a while."""

    def __init__(self, open_connection: Callable[[], sqlite3.Connection], name: str) -> None:
        self.durable_commits = 0
        self._open_connection = open_connection
        self._name = name
        self._connection: sqlite3.Connection | None = None
        self._waiting: deque[_Waiting] = deque()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closed = False

    async def commit(self, commit: Changes) -> None:
        """Return when `commit` is on the disk.

        Raises Stale, AlreadyExists, Unavailable, OutcomeUnknown. A caller that is cancelled may find it done.
        """
        loop = asyncio.get_running_loop()
        waiting = _Waiting(commit, loop.create_future(), loop)
        with self._changed:
            if self._closed:
                raise Unavailable("the store is closed")
            self._waiting.append(waiting)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()
            self._changed.notify()
        await waiting.done

    def close(self) -> None:
        """Write what was accepted, then end. Blocks; idempotent."""
        with self._changed:
            self._closed = True
            self._changed.notify()
            thread = self._thread
        if thread:
            thread.join()

    def _run(self) -> None:
        while batch := self._next_batch():
            outcomes = self._write(batch)
            _tell(batch, outcomes)

    def _next_batch(self) -> list[_Waiting]:
        """Return commits to write together; an empty list when the thread is to end."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed, timeout=_IDLE_SECONDS)
            count = min(len(self._waiting), _COMMITS_TOGETHER)
            if count == 0:
                self._disconnect()
                self._thread = None
            return [self._waiting.popleft() for _ in range(count)]

    def _write(self, batch: Sequence[_Waiting]) -> list[Outcome]:
        try:
            connection = self._connection = self._connection or self._open_connection()
            connection.execute("BEGIN IMMEDIATE")
            outcomes = [_write_one(connection, waiting.commit) for waiting in batch]
        except Exception as error:
            self._disconnect()
            return [_as_unavailable(error)] * len(batch)
        try:
            connection.execute("COMMIT")
        except Exception as error:
            self._disconnect()
            return [outcome or _after_commit(error) for outcome in outcomes]
        self.durable_commits += 1
        return outcomes

    def _disconnect(self) -> None:
        # Closing rolls back what is open, and a fresh connection cannot be in a doubtful state.
        if self._connection:
            self._connection.close()
            self._connection = None


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


def _tell(batch: Sequence[_Waiting], outcomes: Sequence[Outcome]) -> None:
    by_loop: defaultdict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[None], Outcome]]] = defaultdict(list)
    for waiting, outcome in zip(batch, outcomes, strict=True):
        by_loop[waiting.loop].append((waiting.done, outcome))
    for loop, settled in by_loop.items():
        try:
            loop.call_soon_threadsafe(_settle, settled)
        except RuntimeError:
            continue  # That loop has ended, and nobody waits in it.


def _settle(settled: Sequence[tuple[asyncio.Future[None], Outcome]]) -> None:
    for done, outcome in settled:
        if done.done():
            continue  # Its caller was cancelled.
        if outcome is None:
            done.set_result(None)
        else:
            done.set_exception(outcome)
