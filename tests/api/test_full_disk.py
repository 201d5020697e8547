"""The file of an institution may not grow any more: whoever writes is told, whoever reads is served."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from school import MARKS, SAVE, SITTING, START, SUBMIT, Exam, HandClock, Person, School, open_school

from api.bootstrap import KINDS
from api.settings import Settings
from store.errors import Unavailable
from store.port import Delete, Entity, Insert, Key, Namespace
from store.sqlite import SqliteStore
from tp.tables import LATE

PAGES = 300


@pytest.fixture
async def school(tmp_path: Path, clock: HandClock) -> AsyncIterator[School]:
    """Return a school whose file has at most `PAGES` pages."""
    store = SqliteStore(tmp_path / "store", KINDS, max_pages=PAGES)
    opened = await open_school(Settings(data_dir=tmp_path), "oakwood", clock, store)
    yield opened
    await opened.client.aclose()
    await opened.services.close()


class Ballast:
    """What fills the file to its last page, and can be thrown away."""

    def __init__(self, store: Namespace) -> None:
        self._store = store
        self._keys: list[Key] = []

    async def take_in(self, *sizes: int) -> None:
        """Write pieces of each size for as long as there is room for one."""
        for size in sizes:
            with suppress(Unavailable):
                while True:
                    key = Key(LATE.kind.name, f"ballast:{len(self._keys)}")
                    await self._store.commit([Insert(Entity(key, {"ballast": bytes(size)}))])
                    self._keys.append(key)

    async def throw_away(self) -> None:
        await self._store.commit([Delete(key) for key in self._keys])


@pytest.fixture
def ballast(school: School) -> Ballast:
    return Ballast(school.services.store.namespace(school.tenant.namespace))


async def told(person: Person, document: str, **input: Any) -> list[tuple[str, str]]:
    """Return code and outcome of each top-level error."""
    answered = await person.post(document, {"input": input})
    return [(error["extensions"]["code"], error["extensions"]["outcome"]) for error in answered.get("errors", [])]


async def test_a_full_disk_is_told_to_who_writes_and_saving_goes_on_when_there_is_room(
    exam: Exam, ballast: Ballast
) -> None:
    student, other = await exam.student("asha"), await exam.student("ravi")
    attempt_id = await exam.start(student)
    first = {"attemptId": attempt_id, "seq": 1, "events": [exam.answer(1, text="3.14")]}
    second = {"attemptId": attempt_id, "seq": 2, "events": [exam.answer(2, text="Delhi")]}
    await student.do(SAVE, **first)
    before = await student.ask(SITTING, id=attempt_id)

    await ballast.take_in(100_000, 1_000, 10)
    full = [("STORE_UNAVAILABLE", "NONE")]
    assert await told(student, SAVE, attemptId=attempt_id, seq=2, events=long_batch(exam, 2)) == full
    assert await told(other, START, testId=exam.test_id) == full
    assert await student.ask(SITTING, id=attempt_id) == before
    assert (await student.do(SAVE, **first))["acknowledgement"]["ackedSeq"] == 1

    await ballast.throw_away()
    assert (await student.do(SAVE, **second))["acknowledgement"]["ackedSeq"] == 2
    await student.do(SUBMIT, attemptId=attempt_id, lastSeq=2)
    await exam.school.sweep()
    seen = await exam.teacher.ask(MARKS, id=attempt_id)
    assert (seen["state"], seen["result"]["total"]["marks"]) == ("GRADED", "2")


async def test_of_many_who_save_while_the_disk_fills_up_each_is_acknowledged_or_told(
    exam: Exam, ballast: Ballast
) -> None:
    students = [await exam.student(f"student{number}") for number in range(5)]
    attempts = [await exam.start(student) for student in students]
    await ballast.take_in(200_000)

    async def save_until_told(student: Person, attempt_id: str) -> int:
        """Return the number of the batch that was not taken."""
        for seq in range(1, 100):
            if await told(student, SAVE, attemptId=attempt_id, seq=seq, events=long_batch(exam, seq)):
                return seq
        raise AssertionError("the disk is not full")

    refused = await asyncio.gather(*map(save_until_told, students, attempts))

    for student, attempt_id, seq in zip(students, attempts, refused, strict=True):
        assert (await student.ask(SITTING, id=attempt_id))["ackedSeq"] == seq - 1
    await ballast.throw_away()
    for student, attempt_id, seq in zip(students, attempts, refused, strict=True):
        saved = await student.do(SAVE, attemptId=attempt_id, seq=seq, events=long_batch(exam, seq))
        assert saved["acknowledgement"]["ackedSeq"] == seq


def long_batch(exam: Exam, seq: int) -> list[dict[str, Any]]:
    """Return some twenty kilobytes of events."""
    return [exam.answer(2, at=seq, text="x" * 4_000)] * 5
