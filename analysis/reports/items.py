"""The report on questions: how hard, how well they tell students apart, what was chosen, and what to look at.

Definitions of classical test theory as in Crocker & Algina (1986), "Introduction to classical and modern test
theory", and in `item_statistics`; not defined is null: nobody, no variance, dropped, not yet graded.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from analysis.contract import Section
from analysis.frames import Cohort
from analysis.reports.choices import choices
from analysis.reports.figures import Floats, figures, quotient
from analysis.reports.item_statistics import (
    facility,
    item_rest_correlation,
    share_in,
    upper_and_lower,
    upper_lower_index,
)
from analysis.reports.scores import CODES, Scores, each_test
from analysis.reports.suspicions import suspicions

ABOUT = ("test", "question", "number", "section", "subject", "topic", "type", "maximum", "dropped")


def items(cohort: Cohort) -> Section:
    """Return `questions`, one row a question of each test, and `toLookAt`, the ids of those with a flag."""
    rows = [row for scores in each_test(cohort) for row in item_rows(scores)]
    return {"questions": rows, "toLookAt": [row["question"] for row in rows if row["flags"]]}


def item_rows(scores: Scores) -> list[dict[str, Any]]:
    """Work out the questions of one test, in paper order."""
    groups = upper_and_lower(scores.criterion)
    data = (scores.marks, scores.usable)
    students = scores.usable.sum(axis=0)
    columns: dict[str, list[Any]] = {
        "students": students.tolist(),
        "right": (scores.right & scores.usable).sum(axis=0).tolist(),
        "facility": figures(facility(*data, scores.maxima)),
        "discrimination": figures(item_rest_correlation(*data, scores.criterion)),
        "upperLower": figures(upper_lower_index(*data, scores.maxima, groups)),
        "upper": figures(share_in(groups.upper, *data, scores.maxima)),
        "lower": figures(share_in(groups.lower, *data, scores.maxima)),
        "omitted": figures(quotient(_omissions(scores), students.astype(np.float64))),
        "options": choices(scores, groups),
    }
    about = scores.questions.select(ABOUT).iter_rows(named=True)
    rows = [head | {name: values[place] for name, values in columns.items()} for place, head in enumerate(about)]
    return [row | {"flags": suspicions(row)} for row in rows]


def _omissions(scores: Scores) -> Floats:
    omitted: Floats = (scores.usable & (scores.outcomes == CODES["UNANSWERED"])).sum(axis=0).astype(np.float64)
    return omitted
