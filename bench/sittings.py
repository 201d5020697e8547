"""A made-up cohort of any size for the reports' figures: who cares what it says, but it has the shape of a real
one.

Students answer by an ability and go over the paper again and again until they have left as many events as
asked for. Their logs are built in parts, as they are read from an export.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analysis.frames import ATTEMPTS, EVENTS, QUESTIONS, RESPONSES, Cohort

SUBJECTS = ("Physics", "Chemistry", "Mathematics")
OPTIONS = ("a", "b", "c", "d")
STEPS = ("VISIT", "ANSWER", "MARK", "UNMARK", "ANSWER")
"""What a student does with a question each time, beginning with the first."""

QUESTION_COUNT = 90
PART = 500
MINUTES = 175
OPENS = datetime(2025, 4, 2, 9, tzinfo=UTC)


def cohort(students: int, events_each: int, keep: Callable[[pl.DataFrame], None], seed: int = 1) -> Cohort:
    """Return a cohort of `students` × 90 questions, and give the events, about so many a student, to `keep`."""
    rng = np.random.default_rng(seed)
    key = rng.integers(0, len(OPTIONS), QUESTION_COUNT)
    difficulty = rng.normal(0, 1, QUESTION_COUNT)
    graded = []
    for start in range(0, students, PART):
        who = np.arange(start, min(start + PART, students))
        responses, events = _part(rng, who, events_each, key, difficulty)
        graded.append(responses)
        keep(events)
    return Cohort(_questions(key), _attempts(students), pl.concat(graded), Cohort.empty().events)


def _part(
    rng: np.random.Generator,
    who: NDArray[np.int64],
    events_each: int,
    key: NDArray[np.int64],
    difficulty: NDArray[np.float64],
) -> tuple[pl.DataFrame, pl.DataFrame]:
    rounds = max(events_each // len(STEPS), QUESTION_COUNT)
    shape = (who.size, rounds)
    asked = rng.integers(0, QUESTION_COUNT, shape)
    asked[:, :QUESTION_COUNT] = np.arange(QUESTION_COUNT)
    ability = rng.normal(0, 1, (who.size, 1))
    right = rng.random(shape) < 1 / (1 + np.exp(difficulty[asked] - ability))
    chosen = np.where(right, key[asked], (key[asked] + rng.choice([1, 2, 3], shape, p=[0.5, 0.3, 0.2])) % 4)
    final = np.zeros((who.size, QUESTION_COUNT), np.int64)
    for turn in range(rounds):
        final[np.arange(who.size), asked[:, turn]] = chosen[:, turn]
    return _responses(who, final, key), _events(rng, who, asked, chosen, max(events_each // rounds, 2))


def _events(
    rng: np.random.Generator,
    who: NDArray[np.int64],
    asked: NDArray[np.int64],
    chosen: NDArray[np.int64],
    steps: int,
) -> pl.DataFrame:
    students, rounds = asked.shape
    each = rounds * steps
    pauses = rng.lognormal(0, 0.6, (students, each))
    at = (
        (np.cumsum(pauses, axis=1) * (MINUTES * 60_000 / pauses.sum(axis=1, keepdims=True)))
        .astype(np.int64)
        .ravel()
    )
    types = np.tile(np.array(STEPS[:steps]), students * rounds)
    given = np.where(types == "ANSWER", np.repeat(chosen.ravel(), steps), -1)
    order = np.tile(np.arange(each, dtype=np.int32), students)
    received = pl.lit(OPENS) + pl.duration(milliseconds=pl.col("at") + 400)
    frame = pl.DataFrame({"at": at, "given": given, "type": types, "order": order})
    return frame.select(
        attempt=_named(_ids("att", who), np.repeat(np.arange(students), each)),
        seq=pl.col("order") // 8 + 1,
        place=pl.col("order") % 8,
        type=pl.col("type").cast(EVENTS["type"]),
        at="at",
        question=_named(_ids("qst", np.arange(QUESTION_COUNT)), np.repeat(asked.ravel(), steps)),
        response=pl.col("given").replace_strict(dict(enumerate(OPTIONS)), default=None, return_dtype=pl.String),
        received_at=received.cast(EVENTS["received_at"]),
    )


def _responses(who: NDArray[np.int64], final: NDArray[np.int64], key: NDArray[np.int64]) -> pl.DataFrame:
    right = (final == key).ravel()
    count = final.size
    return pl.DataFrame(
        {
            "attempt": _named(_ids("att", who), np.repeat(np.arange(who.size), QUESTION_COUNT)),
            "question": _named(
                _ids("qst", np.arange(QUESTION_COUNT)), np.tile(np.arange(QUESTION_COUNT), who.size)
            ),
            "outcome": np.where(right, "CORRECT", "WRONG"),
            "response": np.array(OPTIONS)[final.ravel()],
            "marks_numerator": np.where(right, 4, -1),
            "marks_denominator": np.ones(count, np.int64),
            "marks": np.where(right, 4.0, -1.0),
            "counted": np.ones(count, bool),
        },
        schema=RESPONSES,
    )


def _questions(key: NDArray[np.int64]) -> pl.DataFrame:
    rows: list[dict[str, Any]] = []
    for number, (id, right) in enumerate(zip(_ids("qst", np.arange(QUESTION_COUNT)), key, strict=True)):
        subject = SUBJECTS[number * len(SUBJECTS) // QUESTION_COUNT]
        rows.append(
            {
                "test": "tst_1",
                "question": id,
                "number": number + 1,
                "section": subject,
                "subject": subject,
                "topic": f"{subject} {number % 4}",
                "type": "SINGLE_CHOICE",
                "options": list(OPTIONS),
                "key": [OPTIONS[right]],
                "maximum": 4.0,
                "dropped": False,
            }
        )
    return pl.DataFrame(rows, schema=QUESTIONS)


def _attempts(students: int) -> pl.DataFrame:
    ids = np.arange(students)
    return pl.DataFrame(
        {
            "attempt": _ids("att", ids),
            "test": ["tst_1"] * students,
            "student": _ids("usr", ids),
            "name": _ids("Student", ids),
            "external_id": _ids("", ids),
            "groups": [["12-A"]] * students,
            "number": [1] * students,
            "started_at": [OPENS] * students,
            "submitted_at": [OPENS + timedelta(minutes=MINUTES + 5)] * students,
            "closed_by": ["STUDENT"] * students,
            "pauses": [[]] * students,
            "addresses": [[id] for id in _ids("address", ids // 2)],
            "agents": [["agent"]] * students,
        },
        schema=ATTEMPTS,
    )


def _ids(prefix: str, numbers: NDArray[np.int64]) -> list[str]:
    return [f"{prefix}_{number:06}" for number in numbers]


def _named(names: list[str], places: NDArray[np.int64]) -> pl.Series:
    return pl.Series(names).gather(places)
