"""Reads by key."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence

from store.port import Entity, Key
from store.sqlite.changes import Stale, version_of
from store.sqlite.encoding import unpack

Versioned = tuple[int | None, Entity | None]
"""An entity and its version; two `None` for a missing key."""


def lookup(connection: sqlite3.Connection, keys: Sequence[Key]) -> dict[Key, Versioned]:
    """Return the entities of `keys`, each as it is when its turn comes."""
    return {key: _lookup_one(connection, key) for key in keys}


def lookup_at_one_point(
    connection: sqlite3.Connection, keys: Sequence[Key], seen: Mapping[Key, int | None]
) -> dict[Key, Versioned]:
    """Return the entities of `keys` at one point at which all of `seen` are still at their versions.

    Raises Stale when there is no such point any more.
    """
    connection.execute("BEGIN")
    try:
        if any(version_of(connection, key) != version for key, version in seen.items()):
            raise Stale
        return lookup(connection, keys)
    finally:
        connection.execute("COMMIT")


def _lookup_one(connection: sqlite3.Connection, key: Key) -> Versioned:
    found = connection.execute("SELECT version, data FROM entity WHERE kind = ? AND id = ?", (key.kind, key.id))
    row = found.fetchone()
    return (row[0], Entity(key, unpack(row[1]))) if row else (None, None)
