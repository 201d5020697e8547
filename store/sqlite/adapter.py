"""The port on SQLite."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, TypeVar

from store.errors import Conflict, Unavailable
from store.kinds import Kinds
from store.limits import check_lookup, check_namespace
from store.plan import plan
from store.port import Entity, Key, Kind, Mutation, Page, Query, Transaction
from store.retrying import back_off
from store.sqlite import querying
from store.sqlite.changes import Stale, changes_of
from store.sqlite.files import BUSY_SECONDS, open_for_writing, path_of
from store.sqlite.readers import Readers
from store.sqlite.reading import Versioned, lookup
from store.sqlite.transaction import SqliteTransaction
from store.sqlite.turn import Turn
from store.sqlite.writer import Writer

T = TypeVar("T")

_WRITER_THREADS: Final = 4
_RUNS: Final = 10
_BACK_OFF_SECONDS: Final = 0.005
_BACK_OFF_CAP_SECONDS: Final = 0.25


class SqliteStore:
    """A directory with one file per namespace; several processes may share it.

    `max_pages` bounds each file (pages of 4 KiB), which a test uses as a full disk.
    """

    def __init__(self, directory: Path, kinds: Sequence[Kind], *, max_pages: int | None = None) -> None:
        self._directory = directory
        self._kinds = Kinds(kinds)
        self._max_pages = max_pages
        self._readers = Readers()
        self._threads = ThreadPoolExecutor(_WRITER_THREADS, thread_name_prefix="store-writer")
        self._namespaces: dict[str, SqliteNamespace] = {}

    def namespace(self, name: str) -> SqliteNamespace:
        """Bind to a namespace. Raises Unsupported for what cannot be a namespace's name."""
        bound = self._namespaces.get(name)
        if bound is None:
            check_namespace(name)
            path = path_of(self._directory, name)
            turn = Turn(path, BUSY_SECONDS)
            writer = Writer(lambda: open_for_writing(path, self._kinds, self._max_pages), turn, self._threads)
            bound = self._namespaces[name] = SqliteNamespace(name, path, self._kinds, self._readers, writer)
        return bound

    async def ready(self) -> None:
        """Return when the directory can be written to; raise Unavailable when not."""
        try:
            self._directory.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Unavailable(f"{self._directory}: {error.strerror}") from error
        if not os.access(self._directory, os.W_OK | os.X_OK):
            raise Unavailable(f"{self._directory} cannot be written to")

    async def close(self) -> None:
        """Write what was accepted and release files and threads. Idempotent."""
        for namespace in self._namespaces.values():
            await namespace.close()
        self._threads.shutdown()
        await asyncio.to_thread(self._readers.close)


class SqliteNamespace:
    """The file of one namespace."""

    def __init__(self, name: str, path: Path, kinds: Kinds, readers: Readers, writer: Writer) -> None:
        self._name = name
        self._path = path
        self._kinds = kinds
        self._readers = readers
        self._writer = writer

    @property
    def name(self) -> str:
        return self._name

    @property
    def durable_commits(self) -> int:
        """How many transactions of SQLite this process has made durable here; each holds one commit or many."""
        return self._writer.durable_commits

    async def close(self) -> None:
        """Write what was accepted. Idempotent."""
        await self._writer.close()

    async def get(self, key: Key) -> Entity | None:
        return (await self.get_many([key]))[0]

    async def get_many(self, keys: Sequence[Key]) -> list[Entity | None]:
        check_lookup(keys, self._kinds)
        nothing: dict[Key, Versioned] = dict.fromkeys(keys, (None, None))
        found = await self._readers.run(
            self._path, lambda connection: lookup(connection, keys), nothing, rows=len(keys)
        )
        return [found[key][1] for key in keys]

    async def query(self, query: Query) -> Page:
        planned = plan(query, self._kinds)
        position = querying.position(query, planned)
        return await self._readers.run(
            self._path,
            lambda connection: querying.page(connection, query, planned, position),
            Page((), (), None),
            rows=querying.rows_walked(query, planned),
        )

    async def count(self, query: Query) -> int:
        planned = plan(query, self._kinds)
        return await self._readers.run(
            self._path, lambda connection: querying.count(connection, planned), 0, rows=None
        )

    async def commit(self, mutations: Sequence[Mutation]) -> None:
        await self._write(mutations, {})

    async def transact(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        for attempt in range(1, _RUNS + 1):
            transaction = SqliteTransaction(self._path, self._readers, self._kinds, attempt)
            try:
                result = await work(transaction)
                if not transaction.stale:
                    await self._write(transaction.mutations, transaction.seen)
                    return result
            except Stale:
                pass
            except Exception:
                if not transaction.stale:
                    raise
            await back_off(attempt, base=_BACK_OFF_SECONDS, cap=_BACK_OFF_CAP_SECONDS)
        raise Conflict(_RUNS)

    async def _write(self, mutations: Sequence[Mutation], expected: Mapping[Key, int | None]) -> None:
        # Reads alone need no commit: the last of them found all the others unchanged.
        if mutations:
            await self._writer.commit(changes_of(mutations, expected, self._kinds, self._name))
