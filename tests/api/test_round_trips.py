"""What each operation on a student's path costs in round trips to Datastore, counted on the wire.

Which tenant a token and a host name lead to is looked up once in two seconds a process. Each operation here comes
right after another query, which has looked that up: in the minute of a start nearly all do.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from emulators import PROJECT
from school import (
    PAPER,
    SAVE,
    SITTING,
    START,
    SUBMIT,
    Exam,
    HandClock,
    Person,
    School,
    open_school,
    set_exam,
    through,
)

from api.asgi import create_app
from api.bootstrap import KINDS, open_services, platform
from api.settings import Settings
from bench.calls import Calls
from store.datastore import DatastoreStore

STATE = "query ($id: ID!) { attempt(id: $id) { id state } }"


@dataclass
class Process:
    """A process that knows nothing of the exam yet, and what it asks of Datastore."""

    school: School
    calls: Calls

    async def cost(self, person: Person, document: str, **asked: Any) -> list[str]:
        """Return the calls that an operation makes."""
        asker = through(self.school, person)
        await asker.ask("{ serverTime }")
        self.calls.since()
        await (asker.do if document.startswith("mutation") else asker.ask)(document, **asked)
        return self.calls.since()


@pytest.fixture
async def exam(datastore_emulator_host: str, tmp_path: Path, clock: HandClock) -> AsyncIterator[Exam]:
    """Return an exam on the Datastore emulator, set through a process of its own."""
    settings = Settings(
        data_dir=tmp_path, store=f"datastore:{PROJECT}", datastore_emulator_host=datastore_emulator_host
    )
    school = await open_school(settings, f"school-{secrets.token_hex(6)}", clock)
    yield await set_exam(school)
    await school.client.aclose()
    await school.services.close()


@pytest.fixture
async def process(exam: Exam, datastore_emulator_host: str, tmp_path: Path) -> AsyncIterator[Process]:
    """Return a process whose transactions open with their first read, as they do in production."""
    calls, school, settings = Calls(), exam.school, Settings(data_dir=tmp_path)
    store = DatastoreStore(
        PROJECT, KINDS, emulator_host=datastore_emulator_host, open_with_read=True, interceptors=[calls]
    )
    services = open_services(settings, school.clock, store)
    app = create_app(settings, platform(services, settings), school.clock)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
        yield Process(School(app, client, services, school.clock, school.tenant), calls)
    await services.close()


async def test_starting_is_two_lookups_and_a_commit(exam: Exam, process: Process) -> None:
    student = await exam.student("asha")

    assert await process.cost(student, START, testId=exam.test_id) == ["Lookup", "Lookup", "Commit"]


async def test_starting_what_runs_already_is_a_lookup(exam: Exam, process: Process) -> None:
    student = await exam.student("asha")
    await exam.start(student)

    assert await process.cost(student, START, testId=exam.test_id) == ["Lookup"]


async def test_saving_is_a_commit_and_once_a_process_a_lookup(exam: Exam, process: Process) -> None:
    student = await exam.student("asha")
    attempt_id = await exam.start(student)
    batch = {"attemptId": attempt_id, "events": [exam.visit(0)]}
    await student.do(SAVE, seq=1, **batch)

    assert await process.cost(student, SAVE, seq=2, **batch) == ["Lookup", "Commit"]
    assert await process.cost(student, SAVE, seq=3, **batch) == ["Commit"]
    assert await process.cost(student, SAVE, seq=4, **batch) == ["Commit"]


async def test_saving_what_was_started_in_the_same_process_is_a_commit(exam: Exam, process: Process) -> None:
    first, student = await exam.student("asha"), await exam.student("ravi")
    await process.cost(first, PAPER, id=await exam.start(first))
    await process.cost(student, START, testId=exam.test_id)
    batch = {"attemptId": await exam.start(student), "events": [exam.visit(0)]}

    assert await process.cost(student, SAVE, seq=1, **batch) == ["Commit"]
    assert await process.cost(student, SAVE, seq=2, **batch) == ["Commit"]


async def test_a_paper_costs_nothing_but_its_attempt_once_its_rendition_is_in_the_process(
    exam: Exam, process: Process
) -> None:
    student = await exam.student("asha")
    attempt_id = await exam.start(student)

    assert await process.cost(student, PAPER, id=attempt_id) == ["Lookup", "Lookup"]
    assert await process.cost(student, PAPER, id=attempt_id) == ["Lookup"]
    assert await process.cost(student, STATE, id=attempt_id) == ["Lookup"]


async def test_resuming_where_nothing_is_known_is_a_lookup_and_a_query(exam: Exam, process: Process) -> None:
    student = await exam.student("asha")
    attempt_id = await exam.start(student)
    await student.do(SAVE, attemptId=attempt_id, seq=1, events=[exam.answer(1, text="3.14")])

    assert await process.cost(student, SITTING, id=attempt_id) == ["Lookup", "RunQuery"]


async def test_submitting_is_a_lookup_a_query_and_a_commit(exam: Exam, process: Process) -> None:
    student = await exam.student("asha")
    attempt_id = await exam.start(student)
    await student.do(SAVE, attemptId=attempt_id, seq=1, events=[exam.answer(1, text="3.14")])

    # The test is read beside the attempt, unless the process has done so within the last two seconds.
    assert await process.cost(student, SUBMIT, attemptId=attempt_id, lastSeq=1) == [
        "Lookup & Lookup",
        "RunQuery",
        "Commit",
    ]
