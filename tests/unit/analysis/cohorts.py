"""Simulated cohorts with planted facts: what the reports must bring out. The same seed is the same cohort."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analysis.frames import ATTEMPTS, EVENTS, INSTANT, QUESTIONS, RESPONSES, Cohort

SUBJECTS = ("Physics", "Chemistry", "Mathematics")
OPTIONS = ("a", "b", "c", "d")
OMITTED = -1
OPENS = datetime(2025, 4, 2, 9, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is planted. Times are medians in seconds; a question is named by its place in the paper, from 0."""

    students: int = 300
    per_subject: int = 10
    seed: int = 2025
    seconds: float = 60.0
    slow_subject: str = "Chemistry"
    slow_factor: float = 2.5
    bad_distractor: int | None = 3
    wrong_key: int | None = 17
    copying_pairs: int = 5
    revisits: float = 0.1
    events: bool = True


@dataclass(frozen=True, slots=True)
class Planted:
    """The cohort, and what a report must find in it. `pairs`: attempts (source, copier)."""

    cohort: Cohort
    abilities: NDArray[np.float64]
    difficulties: NDArray[np.float64]
    slow_subject: str
    bad_distractor: str | None
    wrong_key: str | None
    pairs: tuple[tuple[str, str], ...]


def planted(plan: Plan = Plan()) -> Planted:
    """Simulate one test of four-option questions, +4 / −1 / 0, in three subjects.

    The bad distractor draws the able away from the key; the wrong key names an option that nobody has reason to
    choose. A copier takes four answers in five from the source, omissions and mistakes too, at the same pace.
    """
    rng = np.random.default_rng(plan.seed)
    count = plan.per_subject * len(SUBJECTS)
    abilities, difficulties = rng.normal(0, 1, plan.students), rng.normal(0, 1, count)
    truth = rng.integers(0, len(OPTIONS), count)
    chosen = _answers(rng, abilities, difficulties, truth)
    if plan.bad_distractor is not None:
        lured = rng.random(plan.students) < 1 / (1 + np.exp(-1.5 * abilities))
        chosen[lured, plan.bad_distractor] = (truth[plan.bad_distractor] + 1) % len(OPTIONS)
    times = rng.lognormal(np.log(plan.seconds), 0.4, (plan.students, count))
    times[:, np.repeat(np.array(SUBJECTS) == plan.slow_subject, plan.per_subject)] *= plan.slow_factor
    sources, copiers = _copy(rng, plan, chosen, times)
    key = truth.copy()
    if plan.wrong_key is not None:
        key[plan.wrong_key] = (truth[plan.wrong_key] + 1) % len(OPTIONS)
    attempts = [f"att_{index:06}" for index in range(plan.students)]
    questions = [f"qst_{index:03}" for index in range(count)]
    cohort = Cohort(
        _questions(questions, key, plan.per_subject),
        _attempts(attempts),
        _responses(attempts, questions, chosen, key),
        _events(rng, attempts, questions, chosen, times, plan.revisits) if plan.events else Cohort.empty().events,
    )
    return Planted(
        cohort,
        abilities,
        difficulties,
        plan.slow_subject,
        None if plan.bad_distractor is None else questions[plan.bad_distractor],
        None if plan.wrong_key is None else questions[plan.wrong_key],
        tuple((attempts[a], attempts[b]) for a, b in zip(sources, copiers, strict=True)),
    )


def _answers(
    rng: np.random.Generator,
    abilities: NDArray[np.float64],
    difficulties: NDArray[np.float64],
    truth: NDArray[np.int64],
) -> NDArray[np.int8]:
    shape = (abilities.size, difficulties.size)
    right = rng.random(shape) < 1 / (1 + np.exp(difficulties - abilities[:, None]))
    wrong = (truth + rng.choice([1, 2, 3], p=[0.2, 0.5, 0.3], size=shape)) % len(OPTIONS)
    omitted = ~right & (rng.random(shape) < 0.25)
    return np.where(omitted, OMITTED, np.where(right, truth, wrong)).astype(np.int8)


def _copy(
    rng: np.random.Generator, plan: Plan, chosen: NDArray[np.int8], times: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    both = rng.permutation(plan.students)[: 2 * plan.copying_pairs].reshape(2, -1)
    sources, copiers = both
    taken = rng.random((copiers.size, chosen.shape[1])) < 0.8
    chosen[copiers] = np.where(taken, chosen[sources], chosen[copiers])
    times[copiers] = times[sources] * rng.lognormal(0, 0.02, taken.shape)
    return sources, copiers


def _questions(questions: list[str], key: NDArray[np.int64], per_subject: int) -> pl.DataFrame:
    count = len(questions)
    subjects = [subject for subject in SUBJECTS for _ in range(per_subject)]
    return pl.DataFrame(
        {
            "test": ["tst_1"] * count,
            "question": questions,
            "number": list(range(1, count + 1)),
            "section": subjects,
            "subject": subjects,
            "topic": [f"{subject} {index % 2 + 1}" for index, subject in enumerate(subjects)],
            "type": ["SINGLE_CHOICE"] * count,
            "options": [list(OPTIONS)] * count,
            "key": [[OPTIONS[option]] for option in key],
            "maximum": [4.0] * count,
            "dropped": [False] * count,
        },
        schema=QUESTIONS,
    )


def _attempts(attempts: list[str]) -> pl.DataFrame:
    count = len(attempts)
    return pl.DataFrame(
        {
            "attempt": attempts,
            "test": ["tst_1"] * count,
            "student": [f"usr_{index:06}" for index in range(count)],
            "name": [f"Student {index}" for index in range(count)],
            "external_id": [str(1000 + index) for index in range(count)],
            "groups": [["12-A" if index % 2 else "12-B"] for index in range(count)],
            "number": [1] * count,
            "started_at": [OPENS] * count,
            "submitted_at": [OPENS + timedelta(hours=3)] * count,
            "closed_by": ["STUDENT"] * count,
            "pauses": [[]] * count,
            "addresses": [[f"address-{index}"] for index in range(count)],
            "agents": [["agent"]] * count,
        },
        schema=ATTEMPTS,
    )


def _responses(
    attempts: list[str], questions: list[str], chosen: NDArray[np.int8], key: NDArray[np.int64]
) -> pl.DataFrame:
    marks = np.where(chosen == OMITTED, 0, np.where(chosen == key, 4, -1)).ravel()
    named = pl.Series(chosen.ravel())
    frame = pl.DataFrame({"place": np.arange(marks.size), "chosen": named, "marks_numerator": marks})
    return frame.select(
        attempt=_repeated(attempts, len(questions)),
        question=_tiled(questions, len(attempts)),
        outcome=pl.col("marks_numerator")
        .replace_strict({4: "CORRECT", -1: "WRONG", 0: "UNANSWERED"}, return_dtype=pl.String)
        .cast(RESPONSES["outcome"]),
        response=pl.col("chosen").replace_strict(dict(enumerate(OPTIONS)), default=None, return_dtype=pl.String),
        marks_numerator=pl.col("marks_numerator").cast(pl.Int64),
        marks_denominator=pl.lit(1, pl.Int64),
        marks=pl.col("marks_numerator").cast(pl.Float64),
        counted=pl.lit(True),
    )


def _events(
    rng: np.random.Generator,
    attempts: list[str],
    questions: list[str],
    chosen: NDArray[np.int8],
    times: NDArray[np.float64],
    revisits: float,
) -> pl.DataFrame:
    """Each question is visited and answered in paper order; some are visited again at the end, for ten seconds."""
    students, count = chosen.shape
    starts = np.cumsum(times, axis=1) - times
    again = rng.random(chosen.shape) < revisits
    later = times.sum(axis=1, keepdims=True) + 10 * (np.cumsum(again, axis=1) - again)
    attempt, question = np.arange(students)[:, None], np.arange(count)[None, :]
    everyone, answered = np.ones_like(again), chosen != OMITTED
    parts = [
        ("VISIT", everyone, starts),
        ("ANSWER", answered, starts + 0.8 * times),
        ("VISIT", again, later),
    ]
    frames = []
    for type_, which, at in parts:
        who, what = (np.broadcast_to(index, chosen.shape)[which] for index in (attempt, question))
        frame = pl.DataFrame({"who": who, "what": what, "at": np.rint(at[which] * 1000).astype(np.int64)})
        given = chosen[which] if type_ == "ANSWER" else np.full(who.size, OMITTED, np.int8)
        frames.append(frame.with_columns(pl.Series("given", given), type=pl.lit(type_).cast(EVENTS["type"])))
    place = pl.int_range(pl.len()).over("who").cast(pl.Int32)
    return (
        pl.concat(frames)
        .sort("who", "at")
        .select(
            attempt=pl.lit(pl.Series(attempts)).gather(pl.col("who")),
            seq=place // 20 + 1,
            place=place % 20,
            type="type",
            at="at",
            question=pl.lit(pl.Series(questions)).gather(pl.col("what")),
            response=pl.col("given").replace_strict(
                dict(enumerate(OPTIONS)), default=None, return_dtype=pl.String
            ),
            received_at=(pl.lit(OPENS) + pl.duration(milliseconds=pl.col("at"))).cast(INSTANT),
        )
    )


def _repeated(names: list[str], times: int) -> pl.Expr:
    return pl.lit(pl.Series(names)).gather(pl.col("place") // times)


def _tiled(names: list[str], times: int) -> pl.Expr:
    return pl.lit(pl.Series(names)).gather(pl.col("place") % len(names))
