"""What standings are made of: for every attempt, its exact score and its right and wrong answers, in total and by
subject."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from analysis.frames import Cohort
from analysis.reports.exact import exact_sums
from analysis.reports.figures import Flags, Ints

BY = {"total": ["row"], "subject": ["row", "subject"]}


@dataclass(frozen=True, slots=True)
class Tally:
    """One entry an attempt. `has`: whether its test has the subject; elsewhere the rest says nothing. `order`
    compares as the exact scores do."""

    has: Flags
    order: Ints
    score: list[str]
    right: Ints
    wrong: Ints


@dataclass(frozen=True, slots=True)
class Tallies:
    """`attempts`: sorted by test and attempt, the order of every array; `pending`: answers not yet graded."""

    attempts: pl.DataFrame
    pending: Ints
    total: Tally
    subjects: dict[str, Tally]


def tallies(cohort: Cohort) -> Tallies:
    """Add up a cohort. Dropped questions count in the marks and are neither right nor wrong; nor is what earned
    part of the marks, or was left out beyond the n of "answer any n"."""
    attempts = cohort.attempts.sort("test", "attempt").with_row_index("row")
    questions = cohort.questions.select("test", "question", "subject")
    rows = (
        cohort.responses.join(attempts.select("attempt", "test", "row"), on="attempt")
        .join(questions, on=["test", "question"])
        .select("row", "subject", "outcome", "marks_numerator", "marks_denominator", "counted")
    )
    seats = attempts.select("test", "row").join(questions.select("test", "subject").unique(), on="test")
    everyone = pl.concat([rows, _nothing(seats)], how="diagonal")
    by_subject = _counted(everyone, BY["subject"])
    names = questions["subject"].unique(maintain_order=True).to_list()
    total = _counted(everyone, BY["total"])
    return Tallies(
        attempts,
        _placed(total["row"], total["pending"], attempts.height),
        _tally(total, attempts.height),
        {name: _tally(by_subject.filter(pl.col("subject") == name), attempts.height) for name in names},
    )


def _nothing(seats: pl.DataFrame) -> pl.DataFrame:
    return seats.select(
        "row",
        "subject",
        marks_numerator=pl.lit(0, pl.Int64),
        marks_denominator=pl.lit(1, pl.Int64),
        counted=pl.lit(False),
    )


def _counted(rows: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    outcomes = rows.group_by(by).agg(
        right=((pl.col("outcome") == "CORRECT") & pl.col("counted")).sum().cast(pl.Int64),
        wrong=((pl.col("outcome") == "WRONG") & pl.col("counted")).sum().cast(pl.Int64),
        pending=(pl.col("outcome") == "PENDING").sum().cast(pl.Int64),
    )
    return exact_sums(rows, by).join(outcomes, on=by)


def _tally(sums: pl.DataFrame, count: int) -> Tally:
    rows = sums["row"]
    has = np.zeros(count, np.bool_)
    has[rows.to_numpy()] = True
    score = np.full(count, "", dtype=object)
    score[rows.to_numpy()] = sums["score"].to_list()
    order, right, wrong = (_placed(rows, sums[name], count) for name in ("order", "right", "wrong"))
    return Tally(has, order, score.tolist(), right, wrong)


def _placed(rows: pl.Series, values: pl.Series, count: int) -> Ints:
    result = np.zeros(count, np.int64)
    result[rows.to_numpy()] = values.to_numpy()
    return result
