"""Which store a setting names. Composition roots alone come here: everything else is given an open one.

Datastore's adapter is loaded only where it is named: it takes a fifth of a second and 20 MiB of every process.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from store.port import Kind, Store
from store.sqlite import SqliteStore

WHERE = r"^(sqlite|datastore:[a-z0-9-]+(/[a-z0-9-]+)?)$"
"""`sqlite`, `datastore:PROJECT` or `datastore:PROJECT/DATABASE`."""


def open_store(where: str, data_dir: Path, kinds: Sequence[Kind], emulator_host: str | None) -> Store:
    """Return the store at `where`: SQLite files in the data folder, or Cloud Datastore or its emulator."""
    adapter, _, place = where.partition(":")
    if adapter == "sqlite":
        return SqliteStore(data_dir / "store", kinds)
    from store.datastore import DatastoreStore  # noqa: PLC0415  as the first lines say

    project, _, database = place.partition("/")
    return DatastoreStore(project, kinds, emulator_host=emulator_host, database=database)
