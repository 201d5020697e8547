from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from institution import Clock, Institution

import tenants.kinds
from store.sqlite import SqliteStore
from tp.services import audit
from tp.services.people import records


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def people_store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(tmp_path / "store", [*tenants.kinds.KINDS, *records.KINDS, *audit.KINDS])
    yield store
    await store.close()


@pytest.fixture
async def school(people_store: SqliteStore, clock: Clock) -> AsyncIterator[Institution]:
    institution = await Institution(people_store, clock).open()
    yield institution
    institution.passwords.close()
