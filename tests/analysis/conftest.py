from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from cohorts import Plan, planted
from office import Office, open_office
from queueing import open_queue
from school import HandClock

from analysis.bootstrap import plugin
from analysis.frames import Cohort


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def office(tmp_path: Path, clock: HandClock) -> AsyncIterator[Office]:
    """Return an analysis platform whose queue nobody works on."""
    queue = open_queue(tmp_path, clock, [plugin()], lambda _: True)
    opened = open_office(tmp_path, clock, queue)
    yield opened
    for close in opened.service.closers:
        await close()
    await queue.store.close()


@pytest.fixture
async def client(office: Office) -> AsyncIterator[httpx.AsyncClient]:
    """Return a client whose token has every scope and covers every tenant."""
    async with office.client() as opened:
        yield opened


@pytest.fixture(scope="session")
def cohort() -> Cohort:
    return planted(Plan(students=30, per_subject=4, wrong_key=7, copying_pairs=1)).cohort
