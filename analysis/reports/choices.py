"""What was answered to each question: how often, by whom, and how those did in the rest of the test."""

from __future__ import annotations

from collections.abc import Mapping
from string import ascii_uppercase
from typing import Any

import numpy as np
import polars as pl

from analysis.reports.figures import Floats, figure, quotient, variation
from analysis.reports.item_statistics import Groups, point_biserial
from analysis.reports.scores import ABSENT, Scores

SEPARATOR = "|"
CHOICES = ("SINGLE_CHOICE", "MULTIPLE_CHOICE")
COMMONEST = 5
"""How many of the answers are shown where there are no options."""


def choices(scores: Scores, groups: Groups) -> list[list[dict[str, Any]]]:
    """Return a table a question: every option in the author's order, or the commonest answers.

    `share` is of those who had the question, omissions included; `upper` and `lower` are shares of the best and of
    the weakest 27 %; `pointBiserial` correlates the choice with the rest of the test.
    """
    answers = _answers(scores, groups)
    had = _had(scores, groups)
    by_column: dict[int, dict[str, dict[str, Any]]] = {}
    for answer in answers.iter_rows(named=True):
        by_column.setdefault(answer["column"], {})[answer["answer"]] = answer
    return [
        _table(question, by_column.get(column, {}), {name: float(values[column]) for name, values in had.items()})
        for column, question in enumerate(scores.questions.iter_rows(named=True))
    ]


def _answers(scores: Scores, groups: Groups) -> pl.DataFrame:
    """Add up each distinct response, then its options: the strings of a cohort are few."""
    rows = scores.rows.filter(pl.col("response").is_not_null() & pl.col("counted"))
    row = rows["row"].to_numpy()
    given = rows.select("column", "response", right=pl.col("outcome") == "CORRECT").with_columns(
        upper=pl.Series(groups.upper[row]),
        lower=pl.Series(groups.lower[row]),
        rest=pl.Series(scores.criterion[row]) - rows["marks"].fill_null(0.0),
    )
    distinct = given.group_by("column", "response").agg(
        pl.len().alias("students"), pl.col("upper", "lower", "rest").sum(), pl.col("right").any()
    )
    column = pl.int_range(pl.len(), dtype=pl.UInt32).alias("column")
    types = distinct.join(scores.questions.select(column, "type"), on="column")
    split = (
        pl.when(pl.col("type") == "MULTIPLE_CHOICE")
        .then(pl.col("response").str.split(SEPARATOR))
        .otherwise(pl.concat_list("response"))
    )
    return (
        types.with_columns(answer=split)
        .explode("answer")
        .group_by("column", "answer")
        .agg(pl.col("students", "upper", "lower", "rest").sum(), pl.col("right").any())
        .sort(["column", "students", "answer"], descending=[False, True, False])
    )


def _had(scores: Scores, groups: Groups) -> dict[str, Floats]:
    """Return, for each question, who had it: how many, of which group, and their scores in the rest."""
    had = (scores.outcomes != ABSENT) & scores.counted
    count = had.sum(axis=0).astype(np.float64)
    rest = np.where(had, scores.criterion[:, None] - scores.marks, 0.0)
    sums = rest.sum(axis=0)
    variance = variation(sums, np.einsum("ij,ij->j", rest, rest), count)
    return {
        "students": count,
        "upper": groups.upper @ had,
        "lower": groups.lower @ had,
        "mean": quotient(sums, count),
        "variance": np.where(scores.settled, variance, np.nan),
    }


def _table(
    question: Mapping[str, Any], answers: Mapping[str, Mapping[str, Any]], had: Mapping[str, float]
) -> list[dict[str, Any]]:
    if question["type"] in CHOICES:
        letters = {option: _letter(place) for place, option in enumerate(question["options"])}
        key = set(question["key"])
        shown = [(option, letter, option in key) for option, letter in letters.items()]
    else:
        shown = [(answer, answer, found["right"]) for answer, found in list(answers.items())[:COMMONEST]]
    return [_line(option, label, right, answers.get(option, {}), had) for option, label, right in shown]


def _letter(place: int) -> str:
    return ascii_uppercase[place] if place < len(ascii_uppercase) else str(place + 1)


def _line(
    option: str, label: str, right: bool, answer: Mapping[str, Any], had: Mapping[str, float]
) -> dict[str, Any]:
    chosen, rest = float(answer.get("students", 0)), float(answer.get("rest", 0.0))
    about = [np.array([had[name]]) for name in ("students", "mean", "variance")]
    correlation = point_biserial(np.array([chosen]), np.array([rest]), about[0], about[1], about[2])
    return {
        "option": option,
        "label": label,
        "right": right,
        "students": int(chosen),
        "share": _share(chosen, had["students"]),
        "upper": _share(float(answer.get("upper", 0.0)), had["upper"]),
        "lower": _share(float(answer.get("lower", 0.0)), had["lower"]),
        "pointBiserial": figure(float(correlation[0])),
    }


def _share(part: float, whole: float) -> float | None:
    return figure(part / whole) if whole > 0 else None
