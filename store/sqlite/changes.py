"""Mutations made ready to be written, and the writing of them inside a transaction of SQLite."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from store.errors import AlreadyExists
from store.kinds import Kinds
from store.limits import check_commit, key_of
from store.port import Delete, Insert, Key, Kind, Mutation
from store.sqlite.encoding import pack, unpack
from store.sqlite.entries import Entry, entries_of


@dataclass(frozen=True, slots=True)
class Change:
    """One mutation: the bytes and index entries of the new entity, `data=None` for a removal."""

    key: Key
    kind: Kind
    data: bytes | None
    entries: frozenset[Entry]
    insert: bool


@dataclass(frozen=True, slots=True)
class Changes:
    """What one commit writes, provided that each of `expected` is still at its version (`None`: missing)."""

    changes: tuple[Change, ...]
    expected: Mapping[Key, int | None]


class Stale(Exception):
    """An entity is no longer at the version that was read."""


def changes_of(
    mutations: Sequence[Mutation], expected: Mapping[Key, int | None], kinds: Kinds, namespace: str
) -> Changes:
    """Check and encode mutations. Raises TooLarge, Unsupported."""
    check_commit(mutations, kinds, namespace)
    return Changes(tuple(_change(mutation, kinds) for mutation in mutations), expected)


def refusal(connection: sqlite3.Connection, commit: Changes) -> Stale | AlreadyExists | None:
    """Return why a commit cannot be written, having written nothing."""
    for key, version in commit.expected.items():
        if version_of(connection, key) != version:
            return Stale()
    existing = tuple(
        change.key for change in commit.changes if change.insert and version_of(connection, change.key) is not None
    )
    return AlreadyExists(existing) if existing else None


def apply(connection: sqlite3.Connection, commit: Changes) -> None:
    """Write a commit that was not refused."""
    for change in commit.changes:
        if change.kind.indexed:
            _update_entries(connection, change)
        kind, id = change.key.kind, change.key.id
        if change.data is None:
            connection.execute("DELETE FROM entity WHERE kind = ? AND id = ?", (kind, id))
        else:
            # A version is random so that no two processes need to agree on the next.
            row = (kind, id, secrets.randbits(63), change.data)
            connection.execute("INSERT OR REPLACE INTO entity VALUES (?, ?, ?, ?)", row)


def version_of(connection: sqlite3.Connection, key: Key) -> int | None:
    """Return the version of an entity, `None` when the key is missing."""
    found = connection.execute("SELECT version FROM entity WHERE kind = ? AND id = ?", (key.kind, key.id))
    row = found.fetchone()
    return row[0] if row else None


def _update_entries(connection: sqlite3.Connection, change: Change) -> None:
    kind, id = change.key.kind, change.key.id
    old = set() if change.insert else _old_entries(connection, change)
    connection.executemany(
        "DELETE FROM entry WHERE kind = ? AND name = ? AND value = ? AND id = ?",
        [(kind, name, value, id) for name, value in old - change.entries],
    )
    connection.executemany(
        "INSERT INTO entry VALUES (?, ?, ?, ?)",
        [(kind, name, value, id) for name, value in change.entries - old],
    )


def _old_entries(connection: sqlite3.Connection, change: Change) -> set[Entry]:
    key = change.key
    found = connection.execute("SELECT data FROM entity WHERE kind = ? AND id = ?", (key.kind, key.id))
    row = found.fetchone()
    return entries_of(change.kind, unpack(row[0])) if row else set()


def _change(mutation: Mutation, kinds: Kinds) -> Change:
    key = key_of(mutation)
    kind = kinds[key.kind]
    if isinstance(mutation, Delete):
        return Change(key, kind, None, frozenset(), insert=False)
    properties = mutation.entity.properties
    entries = frozenset(entries_of(kind, properties)) if kind.indexed else frozenset()
    return Change(key, kind, pack(properties), entries, insert=isinstance(mutation, Insert))
