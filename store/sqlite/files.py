"""The file of a namespace: its name, its connections, its tables.

`entity` holds everything, ordered by key, so that a range of keys is one walk. `entry` holds the index entries of
declared properties. `declared` remembers which indexes the entries were written for.
"""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path
from typing import Final
from urllib.parse import quote

from store.errors import Unavailable
from store.kinds import Kinds
from store.port import Kind
from store.sqlite.encoding import unpack
from store.sqlite.entries import entries_of

FORMAT: Final = 1
BUSY_SECONDS: Final = 10.0
_CHECKPOINT_PAGES: Final = 4_000
_KEPT_WAL_BYTES: Final = 64 * 1024 * 1024

_TABLES = """
CREATE TABLE entity (
    kind TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, data BLOB NOT NULL,
    PRIMARY KEY (kind, id)
) WITHOUT ROWID;
CREATE TABLE entry (
    kind TEXT NOT NULL, name TEXT NOT NULL, value BLOB NOT NULL, id TEXT NOT NULL,
    PRIMARY KEY (kind, name, value, id)
) WITHOUT ROWID;
CREATE TABLE declared (kind TEXT PRIMARY KEY, indexes TEXT NOT NULL) WITHOUT ROWID;
"""


def path_of(directory: Path, namespace: str) -> Path:
    """Return the file of a namespace; names that differ in case only stay apart on every file system."""
    escaped = re.sub("[A-Z]", lambda letter: "^" + letter[0].lower(), namespace)
    return directory / f"{escaped}.sqlite3"


def open_for_reading(path: Path) -> sqlite3.Connection | None:
    """Return a connection, or `None` while nothing has been written to the namespace."""
    if not path.exists():
        return None
    connection = _connect(path, "rw")
    if _format(connection) == 0:
        connection.close()
        return None
    connection.execute("PRAGMA query_only = ON")
    return connection


def open_for_writing(path: Path, kinds: Kinds, max_pages: int | None) -> sqlite3.Connection:
    """Return the writer's connection; create the file and its tables, and bring its indexes to the declared kinds.

    `max_pages` bounds the file (pages of 4 KiB); `None` leaves it to the disk.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = _connect(path, "rwc")
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}")
        connection.execute(f"PRAGMA journal_size_limit = {_KEPT_WAL_BYTES}")
        if max_pages is not None:
            connection.execute(f"PRAGMA max_page_count = {max_pages}")
        _prepare(connection, kinds)
    except BaseException:
        connection.close()
        raise
    return connection


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(
        f"file:{quote(str(path))}?mode={mode}",
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
    )


def _format(connection: sqlite3.Connection) -> int:
    found = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if found not in (0, FORMAT):
        raise Unavailable(f"the file has format {found}, this program reads format {FORMAT}")
    return found


def _prepare(connection: sqlite3.Connection, kinds: Kinds) -> None:
    connection.execute("BEGIN IMMEDIATE")
    if _format(connection) == 0:
        for statement in filter(str.strip, _TABLES.split(";")):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {FORMAT}")
    found = dict(connection.execute("SELECT kind, indexes FROM declared"))
    for kind in kinds:
        indexes = _indexes(kind)
        if found.get(kind.name, _indexes(Kind(kind.name))) != indexes:
            _rebuild(connection, kind)
        if found.get(kind.name) != indexes:
            connection.execute("INSERT OR REPLACE INTO declared VALUES (?, ?)", (kind.name, indexes))
    connection.execute("COMMIT")


def _indexes(kind: Kind) -> str:
    return json.dumps([sorted(kind.indexed), sorted(kind.composites)])


def _rebuild(connection: sqlite3.Connection, kind: Kind) -> None:
    connection.execute("DELETE FROM entry WHERE kind = ?", (kind.name,))
    for id, data in connection.execute("SELECT id, data FROM entity WHERE kind = ?", (kind.name,)):
        connection.executemany(
            "INSERT INTO entry VALUES (?, ?, ?, ?)",
            [(kind.name, name, value, id) for name, value in entries_of(kind, unpack(data))],
        )
