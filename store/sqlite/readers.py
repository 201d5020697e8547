"""Where reads run. In WAL mode a reader sees the last commit, waits for no writer and holds none up.

A read of a few rows runs at once, on the event loop's thread: it takes microseconds, and a thread of its own would
wait longer than that for the interpreter's lock, once for every row. What may walk far runs in a thread.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, TypeVar

from store.errors import Unavailable
from store.sqlite.files import open_for_reading

T = TypeVar("T")

_THREADS: Final = 4
_ROWS_AT_ONCE: Final = 128
_FILES_PER_THREAD: Final = 64


class Readers:
    """The event loop's thread and a small pool, each with its own connections to the files that it used last."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="store-reader")
        self._local = threading.local()
        self._connections: set[sqlite3.Connection] = set()
        self._lock = threading.Lock()
        self._closed = False

    async def run(self, path: Path, read: Callable[[sqlite3.Connection], T], empty: T, *, rows: int | None) -> T:
        """Return what `read` returns, or `empty` while the file does not exist. Raises Unavailable.

        `rows` says how many rows `read` walks at most, `None` that nobody knows.
        """
        if self._closed:
            raise Unavailable("the store is closed")
        if rows is not None and rows <= _ROWS_AT_ONCE:
            return self._read(path, read, empty)
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._read, path, read, empty)

    def close(self) -> None:
        """Finish the reads that run and release the connections. Blocks; idempotent."""
        self._closed = True
        self._pool.shutdown()
        with self._lock:
            for connection in self._connections:
                connection.close()
            self._connections.clear()

    def _read(self, path: Path, read: Callable[[sqlite3.Connection], T], empty: T) -> T:
        try:
            connection = self._connection(path)
            return empty if connection is None else read(connection)
        except sqlite3.Error as error:
            raise Unavailable(f"the store cannot read: {error}") from error

    def _connection(self, path: Path) -> sqlite3.Connection | None:
        mine: OrderedDict[Path, sqlite3.Connection] | None = getattr(self._local, "connections", None)
        if mine is None:
            mine = self._local.connections = OrderedDict()
        if path in mine:
            mine.move_to_end(path)
            return mine[path]
        connection = open_for_reading(path)
        if connection is not None:
            mine[path] = connection
            dropped = mine.popitem(last=False)[1] if len(mine) > _FILES_PER_THREAD else None
            with self._lock:
                self._connections.add(connection)
                if dropped:
                    self._connections.discard(dropped)
                    dropped.close()
        return connection
