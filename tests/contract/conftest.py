"""Every store that the contract is checked on."""

from __future__ import annotations

import secrets
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from emulators import PROJECT

from bench.calls import Calls
from store.datastore import DatastoreStore, Timeouts
from store.port import KEY, Kind, Namespace, Store
from store.sqlite import SqliteStore

TIMEOUTS = Timeouts(read=20, query=30, begin=20, commit=30, rollback=10)

KINDS = (
    Kind("Log"),
    Kind(
        "Row",
        indexed=frozenset({"colour", "size", "name", "at", "weight", "tags", "on"}),
        composites=frozenset(
            {("colour", "size"), ("colour", "on", "at"), ("tags", "size"), (KEY,), ("colour", KEY)}
        ),
    ),
)


@pytest.fixture
def calls() -> Calls:
    return Calls()


@pytest.fixture(params=["sqlite", "datastore", "firestore"])
async def store(request: pytest.FixtureRequest, tmp_path: Path, calls: Calls) -> AsyncIterator[Store]:
    """The same test runs on each of the three."""
    opened: Store
    if request.param == "sqlite":
        opened = SqliteStore(tmp_path / "store", KINDS)
    else:
        opened = DatastoreStore(
            PROJECT,
            KINDS,
            emulator_host=request.getfixturevalue(f"{request.param}_emulator_host"),
            timeouts=TIMEOUTS,
            open_with_read=request.param == "datastore",
            interceptors=[calls],
        )
    yield opened
    await opened.close()


@pytest.fixture
def space(store: Store) -> Namespace:
    """A namespace that no other test has."""
    return store.namespace(f"test-{secrets.token_hex(8)}")


@pytest.fixture
async def sqlite(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    """A store on SQLite alone, in `tmp_path / "store"`."""
    opened = SqliteStore(tmp_path / "store", KINDS)
    yield opened
    await opened.close()


@pytest.fixture
def unused_port() -> int:
    """A loopback port on which nothing listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
