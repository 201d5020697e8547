"""Students who save at once over a socket, and know which of their batches were acknowledged.

Their test has `QUESTIONS` numeric questions. Each batch of a student answers one of them; the last answers are
such that the student earns as many marks as was known in advance.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from school import (
    SAVE,
    SITTING,
    START,
    SUBMIT,
    Exam,
    HandClock,
    Person,
    in_english,
    open_school,
    set_exam,
)
from waiting import until

from api.settings import Settings

QUESTIONS = 9
BATCHES = 36
HANDS = 3
"""How many batches of a student are under way at once."""

RIGHT = "1000000"
WRITTEN = [
    {"type": "NUMERIC", "text": in_english(f"Question {n}?"), "key": {"numbers": [{"low": RIGHT}]}}
    for n in range(QUESTIONS)
]
LISTED = """query ($id: ID!, $state: AttemptState) { attempts(testId: $id, first: 100, state: $state) {
  edges { node { id state closedBy result { total { marks } } } } } }"""


async def examined_school(data_dir: Path, students: int, **test: Any) -> tuple[Exam, list[Person]]:
    """Found a school in a data folder, with a published test and the students to whom it is assigned."""
    school = await open_school(Settings(data_dir=data_dir), "oakwood", HandClock(datetime.now(UTC)))
    try:
        exam = await set_exam(school, WRITTEN, **test)
        return exam, [await exam.student(f"student{n}") for n in range(students)]
    finally:
        await school.client.aclose()
        await school.services.close()


def over(http: httpx.AsyncClient, person: Person) -> Person:
    """Return the same person, asking over a socket."""
    return replace(person, client=http)


@dataclass
class Sitter:
    """One student at the test. `unanswered`: sent, and nobody knows what became of it."""

    person: Person
    exam: Exam
    marks: int
    attempt_id: str = ""
    next: int = 1
    acknowledged: set[int] = field(default_factory=set)
    unanswered: set[int] = field(default_factory=set)

    async def start(self) -> None:
        self.attempt_id = (await self.person.do(START, testId=self.exam.test_id))["attempt"]["id"]

    def batch(self, seq: int) -> list[dict[str, Any]]:
        place = seq % QUESTIONS
        right = seq > BATCHES - QUESTIONS and place < self.marks
        return [self.exam.visit(place, at=seq), self.exam.answer(place, at=seq, text=RIGHT if right else str(seq))]

    async def save(self, seq: int) -> dict[str, Any]:
        """Send a batch; return its acknowledgement."""
        self.unanswered.add(seq)
        sent = {"attemptId": self.attempt_id, "seq": seq, "events": self.batch(seq)}
        acknowledgement: dict[str, Any] = (await self.person.do(SAVE, **sent))["acknowledgement"]
        self.unanswered.discard(seq)
        self.acknowledged.add(seq)
        return acknowledgement

    async def save_all(self, acknowledged: Callable[[], None] = lambda: None) -> None:
        """Send what is left, several batches at once, until the end or until the server is gone."""

        async def hand() -> None:
            while self.next <= BATCHES:
                self.next += 1
                try:
                    await self.save(self.next - 1)
                except httpx.TransportError:
                    return
                acknowledged()

        await asyncio.gather(*(hand() for _ in range(HANDS)))

    async def submit(self) -> None:
        await self.person.do(SUBMIT, attemptId=self.attempt_id, lastSeq=BATCHES)

    async def check(self) -> None:
        """Hold what the server shows against what it has acknowledged; then send everything again."""
        sitting = await self.person.ask(SITTING, id=self.attempt_id)
        perhaps = self.acknowledged | self.unanswered
        assert contiguous(self.acknowledged) <= sitting["ackedSeq"] <= contiguous(perhaps)
        shown = {response["questionId"]: response["text"] for response in sitting["responses"]}
        for place, question in enumerate(self.exam.questions):
            promised = max((seq for seq in self.acknowledged if seq % QUESTIONS == place), default=0)
            possible = {seq for seq in perhaps if seq % QUESTIONS == place and seq >= promised}
            texts = {self.batch(seq)[1]["response"]["text"] for seq in possible}
            assert shown.get(question["id"]) in (texts if promised else {*texts, None})
        for seq in (*sorted(self.acknowledged), *sorted(self.unanswered, reverse=True)):
            assert (await self.save(seq))["seq"] == seq
            other = {"attemptId": self.attempt_id, "seq": seq, "events": [self.exam.visit(0)]}
            assert await self.person.refused(SAVE, **other) == [("SEQUENCE_CONFLICT", ["seq"])]
        assert (await self.person.ask(SITTING, id=self.attempt_id))["ackedSeq"] == self.next - 1


def contiguous(seqs: Collection[int]) -> int:
    """Return the highest number up to which none is missing."""
    reached = 0
    while reached + 1 in seqs:
        reached += 1
    return reached


async def until_graded(teacher: Person, test_id: str, count: int) -> dict[str, dict[str, Any]]:
    """Wait until that many attempts are graded, asking nothing that would close one; return them by their ids."""

    async def graded() -> dict[str, dict[str, Any]] | None:
        edges = (await teacher.ask(LISTED, id=test_id, state="GRADED"))["edges"]
        return {edge["node"]["id"]: edge["node"] for edge in edges} if len(edges) >= count else None

    return await until(graded)
