"""A cohort that has submitted: attempts with their logs and outbox records, written straight into the store.

What the services would have written is written in commits of many attempts, and without the students' requests:
each attempt has 20 batches of about ten events for each round: every question is visited, nine of ten are
answered, some answers are changed, cleared or marked, and the window loses the focus now and then. Of `LOGS`
different logs each attempt has one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from store.port import Insert, Namespace
from tp.domain.attempt import Attempt, AttemptState, ClosedBy
from tp.domain.events import Batch, Event, EventType
from tp.domain.ids import USER, attempt_id, new_id
from tp.domain.paper import Paper, PaperQuestion
from tp.domain.response import Response
from tp.services.sitting.log import seals
from tp.tables import ATTEMPTS, LOG, OUTBOX, Chore, LogEntry, OutboxRecord

BATCHES = 20
LOGS = 64
ATTEMPTS_A_COMMIT = 20
SECONDS_A_QUESTION = 90
_SEED = 75


@dataclass(frozen=True, slots=True)
class Cohort:
    """`events`: in an attempt's log, on average."""

    attempts: int
    events: float


async def write_cohort(store: Namespace, paper: Paper, attempts: int, now: datetime, rounds: int = 1) -> Cohort:
    """Write attempts at a paper that were submitted at `now`, to be graded; each went over it `rounds` times."""
    random = Random(_SEED)
    logs = [_batches(paper, random, now, rounds) for _ in range(LOGS)]
    for start in range(0, attempts, ATTEMPTS_A_COMMIT):
        numbers = range(start, min(start + ATTEMPTS_A_COMMIT, attempts))
        await store.commit(
            [each for number in numbers for each in _inserts(paper, number, logs[number % LOGS], now)]
        )
    events = sum(len(batch.events) for log in logs for batch in log) / LOGS
    return Cohort(attempts, events)


def _inserts(paper: Paper, number: int, batches: Sequence[Batch], now: datetime) -> Iterator[Insert]:
    student = new_id(USER, hashlib.sha256(str(number).encode()).digest())
    attempt = Attempt(
        id=attempt_id(paper.test_id, student, 1),
        test_id=paper.test_id,
        student_id=student,
        number=1,
        state=AttemptState.SUBMITTED,
        paper_version=paper.version,
        seed=number,
        started_at=now - timedelta(hours=3),
        submitted_at=now,
        closed_by=ClosedBy.STUDENT,
        last_seq=len(batches),
    )
    yield Insert(ATTEMPTS.entity(attempt))
    for batch in batches:
        entry = LogEntry.model_construct(attempt_id=attempt.id, seq=batch.seq, batch=batch)
        yield Insert(LOG.entity(entry))
    yield from seals(attempt.id, (), len(batches), now)
    yield Insert(OUTBOX.entity(OutboxRecord(chore=Chore.GRADE, subject=attempt.id, recorded_at=now)))


def _batches(paper: Paper, random: Random, now: datetime, rounds: int) -> list[Batch]:
    questions = [each for section in paper.sections for each in section.questions]
    events = [event for round in range(rounds) for event in _events(questions, random, round)]
    size = -(-len(events) // BATCHES)
    parts = [tuple(events[start : start + size]) for start in range(0, len(events), size)]
    return [
        Batch(seq=seq, events=part, received_at=now, digest=hashlib.sha256(str(seq).encode()).hexdigest())
        for seq, part in enumerate(parts, 1)
    ]


def _events(questions: Sequence[PaperQuestion], random: Random, round: int) -> Iterator[Event]:
    for place, question in enumerate(questions, round * len(questions)):
        at = place * SECONDS_A_QUESTION * 1000
        yield Event(type=EventType.VISIT, at=at, question_id=question.id)
        if random.random() < 0.9:
            yield _answer(question, at + 40_000, random)
        for chance, type in ((0.15, EventType.MARK), (0.05, EventType.CLEAR)):
            if random.random() < chance:
                yield Event(type=type, at=at + 50_000, question_id=question.id)
        if random.random() < 0.25:
            yield _answer(question, at + 60_000, random)
        if random.random() < 0.1:
            yield Event(type=EventType.BLUR, at=at + 70_000)
            yield Event(type=EventType.FOCUS, at=at + 75_000)


def _answer(question: PaperQuestion, at: int, random: Random) -> Event:
    options = question.content.options
    response = (
        Response(options=(random.choice(options).id,)) if options else Response(text=str(random.randrange(50)))
    )
    return Event(type=EventType.ANSWER, at=at, question_id=question.id, response=response)
