"""Schools on real stores."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from queueing import Queue, open_queue
from school import Exam, HandClock, School, open_again, open_school, set_exam

from api.settings import Settings


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def school(tmp_path: Path, clock: HandClock) -> AsyncIterator[School]:
    """Return a school on SQLite."""
    opened = await open_school(Settings(data_dir=tmp_path), "oakwood", clock)
    yield opened
    await opened.client.aclose()
    await opened.services.close()


@pytest.fixture
async def elsewhere(school: School, tmp_path: Path) -> AsyncIterator[School]:
    """Return a second process on the school's store."""
    opened = await open_again(Settings(data_dir=tmp_path), school)
    yield opened
    await opened.client.aclose()
    await opened.services.close()


@pytest.fixture
async def queue(tmp_path: Path, clock: HandClock) -> AsyncIterator[Queue]:
    """Return a task queue with a worker on the store of `queued_school`."""
    opened = open_queue(tmp_path, clock)
    with opened.plugin.opened():
        yield opened
    await opened.store.close()


@pytest.fixture
async def queued_school(tmp_path: Path, clock: HandClock, queue: Queue) -> AsyncIterator[School]:
    """Return a school that leaves its work to a task queue, and scores few results again by itself."""
    settings = Settings(data_dir=tmp_path, rescore_at_once=2)
    opened = await open_school(settings, "oakwood", clock, queue=queue.client())
    yield opened
    await opened.client.aclose()
    await opened.services.close()


@pytest.fixture
async def queued_elsewhere(queued_school: School, tmp_path: Path, queue: Queue) -> AsyncIterator[School]:
    """Return a second replica of `queued_school`."""
    opened = await open_again(Settings(data_dir=tmp_path, rescore_at_once=2), queued_school, queue.client())
    yield opened
    await opened.client.aclose()
    await opened.services.close()


@pytest.fixture
async def queued_exam(queued_school: School) -> Exam:
    return await set_exam(queued_school)


@pytest.fixture(params=["sqlite", "datastore", "firestore"])
async def any_school(request: pytest.FixtureRequest, tmp_path: Path, clock: HandClock) -> AsyncIterator[School]:
    """Return a school on each store in turn."""
    settings = Settings(data_dir=tmp_path)
    if request.param != "sqlite":
        host = request.getfixturevalue(f"{request.param}_emulator_host")
        settings = Settings(data_dir=tmp_path, store="datastore:tp-test", datastore_emulator_host=host)
    opened = await open_school(settings, f"school-{secrets.token_hex(6)}", clock)
    yield opened
    await opened.client.aclose()
    await opened.services.close()


@pytest.fixture
async def exam(school: School) -> Exam:
    return await set_exam(school)
