"""What standings are made of: for every attempt, its exact score and its right and wrong answers, in total and by
subject."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from analysis.frames import Cohort
from analysis.reports.exact import exact_sums
from analysis.reports.figures import Flags, Ints
from analysis.reports.places import places

COUNTS = ("right", "wrong", "pending")


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
    names = cohort.questions["subject"].unique(maintain_order=True)
    sums = pl.concat([_sums(cohort, attempts, names), _nothing(cohort, attempts, names)], how="diagonal")
    total = _counted(sums, ["row"])
    by_subject = _counted(sums, ["row", "subject"])
    return Tallies(
        attempts,
        _placed(total["row"], total["pending"], attempts.height),
        _tally(total, attempts.height),
        {
            name: _tally(by_subject.filter(pl.col("subject") == place), attempts.height)
            for place, name in enumerate(names)
        },
    )


def _sums(cohort: Cohort, attempts: pl.DataFrame, names: pl.Series) -> pl.DataFrame:
    """Add up the numerators that have one denominator, by attempt and subject: few rows of many, and exact."""
    responses, ids = cohort.responses, cohort.questions["question"].unique(maintain_order=True)
    placed = responses.select(
        "outcome",
        "counted",
        "marks_numerator",
        "marks_denominator",
        row=places(responses["attempt"], attempts["attempt"]),
        question=places(responses["question"], ids),
    ).drop_nulls(["row", "question"])
    return (
        placed.with_columns(subject=_subjects(cohort.questions, attempts, names, ids, placed))
        .filter(pl.col("subject") >= 0)
        .group_by("row", "subject", "marks_denominator")
        .agg(
            pl.col("marks_numerator").cast(pl.Int128).sum(),
            right=((pl.col("outcome") == "CORRECT") & pl.col("counted")).sum().cast(pl.Int64),
            wrong=((pl.col("outcome") == "WRONG") & pl.col("counted")).sum().cast(pl.Int64),
            pending=(pl.col("outcome") == "PENDING").sum().cast(pl.Int64),
        )
    )


def _subjects(
    questions: pl.DataFrame, attempts: pl.DataFrame, names: pl.Series, ids: pl.Series, placed: pl.DataFrame
) -> pl.Series:
    """Return the subject of each response, as a place in `names`: that of its question in the attempt's test; -1
    where the test has no such question."""
    tests = questions["test"].unique(maintain_order=True)
    subject = np.full((tests.len() + 1, ids.len()), -1, np.int32)
    where = (places(questions["test"], tests).to_numpy(), places(questions["question"], ids).to_numpy())
    subject[where] = places(questions["subject"], names).to_numpy()
    test = places(attempts["test"], tests).fill_null(tests.len()).to_numpy()
    return pl.Series(subject[test[placed["row"].to_numpy()], placed["question"].to_numpy()], dtype=pl.Int32)


def _nothing(cohort: Cohort, attempts: pl.DataFrame, names: pl.Series) -> pl.DataFrame:
    """Return a row without marks for each subject of each attempt, so that nobody is left out."""
    taught = cohort.questions.select("test", subject=places(cohort.questions["subject"], names)).unique()
    return (
        attempts.select("test", "row")
        .join(taught, on="test", how="left")
        .select(
            "row",
            pl.col("subject").cast(pl.Int32),
            marks_numerator=pl.lit(0, pl.Int128),
            marks_denominator=pl.lit(1, pl.Int64),
        )
    )


def _counted(sums: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    return exact_sums(sums, by).join(sums.group_by(by).agg(pl.col(COUNTS).sum()), on=by)


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
