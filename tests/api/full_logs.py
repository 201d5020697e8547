"""Attempts by the thousand, written straight into the store: to sit them all would take minutes."""

from __future__ import annotations

from datetime import datetime

from store.port import Entity, Namespace, Put
from tp.domain.attempt import Attempt, AttemptState, ClosedBy
from tp.domain.events import Batch, Event, EventType
from tp.domain.ids import attempt_id
from tp.domain.response import Response
from tp.tables import ATTEMPTS, LOG, LogEntry

A_COMMIT = 400


async def write_attempts(
    store: Namespace, test_id: str, questions: list[str], count: int, batches: int, now: datetime
) -> int:
    """Write graded attempts, each with so many batches of an event about every question; tell how many events."""
    entities: list[Entity] = []
    for number in range(count):
        student = f"usr_{number:016d}"
        attempt = Attempt(
            id=attempt_id(test_id, student, 1),
            test_id=test_id,
            student_id=student,
            number=1,
            state=AttemptState.GRADED,
            paper_version=1,
            seed=number,
            started_at=now,
            submitted_at=now,
            closed_by=ClosedBy.STUDENT,
            last_seq=batches,
            changed_at=now,
        )
        entities.append(ATTEMPTS.entity(attempt))
        entities += [LOG.entity(_entry(attempt.id, seq, questions, now)) for seq in range(1, batches + 1)]
        if len(entities) >= A_COMMIT:
            await store.commit([Put(entity) for entity in entities])
            entities.clear()
    await store.commit([Put(entity) for entity in entities])
    return count * batches * len(questions)


def _entry(attempt_id: str, seq: int, questions: list[str], now: datetime) -> LogEntry:
    events = tuple(
        Event(
            type=EventType.ANSWER,
            at=seq * 1_000 + place,
            question_id=question,
            response=Response(options=(f"opt_{place}",)),
        )
        for place, question in enumerate(questions)
    )
    return LogEntry(
        attempt_id=attempt_id, seq=seq, batch=Batch(seq=seq, events=events, received_at=now, digest="d" * 32)
    )
