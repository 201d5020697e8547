"""Which store a setting names. Composition roots alone come here: everything else is given an open one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from store.datastore import DatastoreStore
from store.port import Kind, Store
from store.sqlite import SqliteStore

WHERE = r"^(sqlite|datastore:[a-z0-9-]+(/[a-z0-9-]+)?)$"
"""`sqlite`, `datastore:PROJECT` or `datastore:PROJECT/DATABASE`."""


def open_store(where: str, data_dir: Path, kinds: Sequence[Kind], emulator_host: str | None) -> Store:
    """Return the store at `where`: SQLite files in the data folder, or Cloud Datastore or its emulator."""
    adapter, _, place = where.partition(":")
    if adapter == "sqlite":
        return SqliteStore(data_dir / "store", kinds)
    project, _, database = place.partition("/")
    return DatastoreStore(project, kinds, emulator_host=emulator_host, database=database)
