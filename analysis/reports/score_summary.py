"""The report on a test as a whole: how scores are spread, in total, by section and by subject, and how far they
can be trusted."""

from __future__ import annotations

from typing import Any

import numpy as np

from analysis.contract import Section
from analysis.frames import Cohort
from analysis.reports.distribution import deviation, histogram, spread
from analysis.reports.figures import Ints, figure
from analysis.reports.reliability import alpha, measurement_error
from analysis.reports.scores import Scores, each_test

METHODS = {
    "quartiles": "linear interpolation between order statistics (Hyndman & Fan 1996, definition 7)",
    "deviation": "sample standard deviation, divisor n − 1",
    "reliability": "Cronbach's alpha (KR-20 where marks are 0 or 1), without questions that were dropped or "
    "still have answers to be graded",
}


def score_summary(cohort: Cohort) -> Section:
    """Return one table a test: `total`, and lists of `sections` and `subjects`."""
    return {"methods": METHODS, "tests": [_test(scores) for scores in each_test(cohort)]}


def _test(scores: Scores) -> dict[str, Any]:
    everything = np.arange(scores.questions.height)
    return {
        "test": scores.test,
        "pending": int(scores.pending.any(axis=1).sum()),
        "total": _part(scores, everything),
        "sections": _parts(scores, "section"),
        "subjects": _parts(scores, "subject"),
    }


def _parts(scores: Scores, by: str) -> list[dict[str, Any]]:
    names = scores.questions[by].unique(maintain_order=True).to_list()
    return [{"title": name} | _part(scores, scores.columns(by, name)) for name in names]


def _part(scores: Scores, columns: Ints) -> dict[str, Any]:
    """Describe the scores in some of the questions."""
    marks, highest = scores.marks[:, columns], float(scores.maxima[columns].sum())
    values = marks.sum(axis=1)
    settled = marks[:, scores.settled[columns]]
    reliability = alpha(settled)
    return spread(values) | {
        "questions": int(columns.size),
        "possible": figure(highest),
        "alpha": figure(reliability),
        "measurementError": figure(measurement_error(deviation(settled.sum(axis=1)), reliability)),
        "histogram": histogram(values, highest),
    }
