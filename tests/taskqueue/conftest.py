from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from depot import Depot, datastore_depot, sqlite_depot


@pytest.fixture
async def depot(tmp_path: Path) -> AsyncIterator[Depot]:
    """Return a task queue on SQLite."""
    opened = sqlite_depot(tmp_path)
    yield opened
    await opened.store.close()


@pytest.fixture(params=["sqlite", "datastore", "firestore"])
async def any_depot(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Depot]:
    """Return a task queue on each store in turn."""
    if request.param == "sqlite":
        opened = sqlite_depot(tmp_path)
    else:
        opened = datastore_depot(request.getfixturevalue(f"{request.param}_emulator_host"))
    yield opened
    await opened.store.close()


@pytest.fixture
async def client(depot: Depot) -> AsyncIterator[httpx.AsyncClient]:
    """Return a client whose token has every scope and covers every tenant."""
    async with depot.client() as opened:
        yield opened
