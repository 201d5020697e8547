"""Whether an answer that was given on the way was right, and what it would have been worth.

The final answers were graded by the exact rules of the test; the same answer to the same question counts the same
when it was given earlier. Only answers that nobody ended with are held against the key as it stands in
`QUESTIONS`: a choice by its option ids, an order by its sequence, a number within its range, a text without regard
to case and outer spaces. What cannot be told so (an essay, a matrix) is null, neither right nor wrong.
"""

from __future__ import annotations

import polars as pl

from analysis.frames import Cohort
from analysis.reports.visits import Names

NUMBER = r"[-+]?[0-9.]+?(?:[eE][-+]?[0-9]+)?"
RANGE = rf"^\s*({NUMBER})(?:\.\.({NUMBER}))?\s*$"


def graded(cohort: Cohort, names: Names) -> pl.DataFrame:
    """Return what grading said of each answer that somebody ended with: question, response, `graded`."""
    ended = cohort.responses.filter(pl.col("outcome").is_in(["CORRECT", "PARTIAL", "WRONG"]))
    return (
        names.on(ended)
        .filter(pl.col("response").is_not_null())
        .group_by("question", "response")
        .agg(graded=(pl.col("outcome") == "CORRECT").any())
    )


def worth(cohort: Cohort, names: Names) -> pl.DataFrame:
    """Return what a right and a wrong answer to each question bring: `if_right` (the maximum), `if_wrong` (the
    mean marks of the wrong answers that were given, 0 where nobody was wrong)."""
    wrong = names.on(cohort.responses).filter(pl.col("outcome") == "WRONG")
    mean = wrong.group_by("question").agg(if_wrong=pl.col("marks").mean())
    questions = cohort.questions.select(
        pl.col("question").cast(names.question), if_right=pl.col("maximum")
    ).unique("question", keep="first")
    return questions.join(mean, on="question", how="left").with_columns(pl.col("if_wrong").fill_null(0.0))


def keys(cohort: Cohort, names: Names) -> pl.DataFrame:
    """Return each question's key as answers are compared with it."""
    questions = cohort.questions.select(pl.col("question").cast(names.question), "type", "key")
    return questions.unique("question", keep="first")


def judge(answers: pl.DataFrame, graded: pl.DataFrame, keys: pl.DataFrame) -> pl.DataFrame:
    """Return the distinct (question, response) of `answers` with `right`: true, false, or null."""
    distinct = answers.select("question", "response").unique().filter(pl.col("response").is_not_null())
    against = distinct.join(keys, on="question", how="left").join(graded, on=["question", "response"], how="left")
    plain = pl.col("response").str.strip_chars().str.to_lowercase()
    texts = pl.col("key").list.eval(pl.element().str.strip_chars().str.to_lowercase())
    by_key = (
        pl.when(pl.col("type") == "SINGLE_CHOICE")
        .then(pl.col("key").list.contains(pl.col("response")))
        .when(pl.col("type") == "MULTIPLE_CHOICE")
        .then(pl.col("key").list.sort().list.join("|") == pl.col("response"))
        .when(pl.col("type") == "ORDER")
        .then(pl.col("key").list.join("|") == pl.col("response"))
        .when(pl.col("type") == "TEXT")
        .then(texts.list.contains(plain))
    )
    numeric = _in_range(against.filter(pl.col("type") == "NUMERIC"))
    return (
        against.with_columns(by_key=by_key)
        .join(numeric, on=["question", "response"], how="left")
        .select("question", "response", right=pl.coalesce("graded", "by_key", "within"))
    )


def _in_range(numeric: pl.DataFrame) -> pl.DataFrame:
    """Return question, response and whether the number lies `within` one of the key's values or ranges."""
    bounds = numeric.select("question", "response", "key").explode("key")
    low = pl.col("key").str.extract(RANGE, 1).cast(pl.Float64, strict=False)
    high = pl.coalesce(pl.col("key").str.extract(RANGE, 2).cast(pl.Float64, strict=False), low)
    number = pl.col("response").str.strip_chars().cast(pl.Float64, strict=False)
    return bounds.group_by("question", "response").agg(within=((number >= low) & (number <= high)).any())
