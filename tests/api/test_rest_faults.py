"""Lists on a store that goes away: a problem before the answer begins, and a stream without an end after."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from itertools import chain, repeat
from pathlib import Path

import pytest
from faults import Fault, FaultyStore
from school import Exam, HandClock, open_school, set_exam
from serving import Asker, asker, read_lines, sat

from api.bootstrap import open_store
from api.rest.media import NDJSON
from api.settings import Settings
from tp.services.serving import events


@pytest.fixture
def store(tmp_path: Path) -> FaultyStore:
    return FaultyStore(open_store(Settings(data_dir=tmp_path)))


@pytest.fixture
async def exam(store: FaultyStore, tmp_path: Path, clock: HandClock) -> AsyncIterator[Exam]:
    school = await open_school(Settings(data_dir=tmp_path), "oakwood", clock, store)
    yield await set_exam(school)
    await school.client.aclose()
    await school.services.close()


@pytest.fixture
async def service(exam: Exam, tmp_path: Path) -> Asker:
    for login in ("asha", "ravi", "meena"):
        await sat(exam, login)
    await exam.school.sweep()
    return asker(exam.school, Settings(data_dir=tmp_path))


async def test_a_store_that_is_away_is_told_before_the_answer_begins(
    exam: Exam, service: Asker, store: FaultyStore
) -> None:
    store.fail_always(Fault.AWAY)

    refused = await service.get(f"/tenants/oakwood/tests/{exam.test_id}/events", NDJSON)

    assert (refused.status_code, refused.json()["code"]) == (503, "UNAVAILABLE")
    assert refused.headers["retry-after"] == "1"


async def test_a_stream_whose_store_goes_away_has_no_end_and_goes_on_from_its_cursor(
    exam: Exam, service: Asker, store: FaultyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "ROWS", 4)
    monkeypatch.setattr(events, "AT_ONCE", 1)
    path, met = f"/tenants/oakwood/tests/{exam.test_id}/events", 0

    def count() -> Fault:
        nonlocal met
        met += 1
        return Fault.NONE

    store.fail_as_told(count)
    whole = await service.lines(path)
    faults: Iterator[Fault] = chain([Fault.NONE] * (met - 1), repeat(Fault.AWAY))
    store.fail_as_told(lambda: next(faults))

    cut = read_lines((await service.get(path, NDJSON)).content)
    store.fail_always(Fault.NONE)
    count_read, cursor = cut.cursors[-1]
    rest = await service.lines(path, cursor=cursor)

    assert cut.end == {}
    assert 0 < count_read < len(whole.rows)
    assert cut.rows[:count_read] + rest.rows == whole.rows
