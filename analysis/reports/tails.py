"""The exact upper tail of a compound binomial: how many of several unlike trials succeed."""

from __future__ import annotations

import numpy as np

from analysis.reports.figures import Floats, Ints

ROWS = 4_096
"""Rows worked on at a time."""


def compound_tail(probabilities: Floats, at_least: Ints) -> Floats:
    """Return P(at least `at_least[i]` of the trials succeed), trial j of row i with `probabilities[i, j]`.

    The recursion of Lord & Wingersky (1984), "Comparison of IRT true-score and equipercentile observed-score
    'equatings'", Applied Psychological Measurement 8(4), 453–461, by which van der Linden & Sotaridona (2006)
    compute their generalized binomial test. O(rows × trials²); sums of positive terms only, so small tails keep
    their digits.
    """
    return np.concatenate(
        [np.empty(0)]
        + [
            _tail(probabilities[start : start + ROWS], at_least[start : start + ROWS])
            for start in range(0, len(at_least), ROWS)
        ]
    )


def _tail(probabilities: Floats, at_least: Ints) -> Floats:
    rows, trials = probabilities.shape
    chances = np.zeros((trials + 1, rows))
    chances[0] = 1.0
    for trial in range(trials):
        p = probabilities[:, trial]
        chances[1 : trial + 2] = chances[1 : trial + 2] * (1 - p) + chances[: trial + 1] * p
        chances[0] *= 1 - p
    enough = np.arange(trials + 1)[:, None] >= at_least
    tail: Floats = np.minimum((chances * enough).sum(axis=0), 1.0)
    return tail
