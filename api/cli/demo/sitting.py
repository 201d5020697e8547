"""One simulated student at the API: logs in, starts, saves batch by batch, and submits or vanishes."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from api.cli.demo import documents
from api.cli.demo.client import Client
from api.cli.demo.mind import Event, Question
from api.cli.demo.planted import Planted, events_of
from api.cli.demo.questions import known_questions


@dataclass(frozen=True, slots=True)
class Student:
    """Who sits: with the access code that was printed for it, and the seed of what it will do.

    `source`: the seed of the student from whom this one copies. `slow`: in the subject that is planted.
    """

    login: str
    name: str
    access_code: str
    seed: int
    vanishes: bool
    source: int | None = None
    slow: bool = False


@dataclass(slots=True)
class Sat:
    """What came of it: `acknowledged` are the events that the server said it has. Times are in seconds."""

    student: Student
    client: Client
    attempt_id: str
    questions: list[Question]
    acknowledged: list[Event] = field(default_factory=list)
    save_times: list[float] = field(default_factory=list)


async def sit(nobody: Client, student: Student, test_id: str, planted: Planted, saved: Callable[[], None]) -> Sat:
    """Sit the test; call `saved` after each batch. Raises Failed, httpx.HTTPError."""
    client = await nobody.logged_in(accessCode=student.access_code)
    started = await client.do(documents.START, testId=test_id)
    attempt_id = started["attempt"]["id"]
    shown = await client.ask(documents.PAPER, id=attempt_id)
    sat = Sat(student, client, attempt_id, _questions(shown["paper"]))
    batches = events_of(student.seed, student.source, student.slow, planted, sat.questions)
    if student.vanishes:
        batches = batches[: Random(student.seed).randrange(1, len(batches))]
    for seq, events in enumerate(batches, start=1):
        began = time.perf_counter()
        answered = await client.do(documents.SAVE, attemptId=attempt_id, seq=seq, events=events)
        sat.save_times.append(time.perf_counter() - began)
        assert answered["acknowledgement"]["ackedSeq"] == seq
        sat.acknowledged += events
        saved()
    if not student.vanishes:
        await client.do(documents.SUBMIT, attemptId=attempt_id, lastSeq=len(batches))
    return sat


def _questions(paper: Mapping[str, Any]) -> list[Question]:
    known = known_questions()
    return [
        Question(
            id=question["id"],
            subject=section["subject"],
            text=question["text"],
            options={option["text"]: option["id"] for option in question["options"]},
            right=known[question["text"]].right,
        )
        for section in paper["sections"]
        for question in section["questions"]
    ]
