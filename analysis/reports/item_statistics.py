"""Classical statistics of questions over arrays: attempts down, questions across.

`usable` tells which marks say something of a question; all else is left out, question by question. Where a figure
is not defined (nobody, no variance) it is NaN.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.reports.figures import Flags, Floats, quotient, variation

GROUP = 0.27
"""The share at which upper and lower groups tell most, for normally distributed scores: Kelley (1939), "The
selection of upper and lower groups for the validation of test items", J. of Educational Psychology 30, 17–24."""


@dataclass(frozen=True, slots=True)
class Groups:
    """How much of each attempt belongs to the best and to the weakest 27 %: 1, 0, or a share where a tie crosses
    the border, so that no chance decides."""

    upper: Floats
    lower: Floats


def facility(marks: Floats, usable: Flags, maxima: Floats) -> Floats:
    """Return mean marks ÷ maximum (Crocker & Algina 1986, ch. 5); below 0 where wrong answers cost more than right
    ones earned."""
    sums = np.where(usable, marks, 0.0).sum(axis=0)
    return quotient(sums, usable.sum(axis=0) * maxima)


def item_rest_correlation(marks: Floats, usable: Flags, criterion: Floats) -> Floats:
    """Return Pearson's correlation of each question's marks with the marks in all the others.

    The question is taken out of the total, or it would correlate with itself (Henrysson 1963, "Correction of
    item–total correlations in item analysis", Psychometrika 28, 211–218).
    """
    count = usable.sum(axis=0).astype(np.float64)
    own = np.where(usable, marks, 0.0)
    rest = np.where(usable, criterion[:, None] - marks, 0.0)
    own_sum, rest_sum = own.sum(axis=0), rest.sum(axis=0)
    covariance = quotient(np.einsum("ij,ij->j", own, rest), count) - quotient(own_sum * rest_sum, count**2)
    own_variance = variation(own_sum, np.einsum("ij,ij->j", own, own), count)
    rest_variance = variation(rest_sum, np.einsum("ij,ij->j", rest, rest), count)
    return quotient(covariance, np.sqrt(own_variance * rest_variance))


def upper_and_lower(criterion: Floats) -> Groups:
    """Return the upper and the lower 27 % (at least one attempt); nobody where all scores are equal."""
    if criterion.size < 2 or criterion.min() == criterion.max():
        return Groups(np.zeros(criterion.size), np.zeros(criterion.size))
    return Groups(_share_of_best(criterion), _share_of_best(-criterion))


def upper_lower_index(marks: Floats, usable: Flags, maxima: Floats, groups: Groups) -> Floats:
    """Return facility in the upper group − in the lower: the D of Ebel & Frisbie (1991), with Kelley's groups."""
    return share_in(groups.upper, marks, usable, maxima) - share_in(groups.lower, marks, usable, maxima)


def share_in(weights: Floats, marks: Floats, usable: Flags, maxima: Floats) -> Floats:
    """Return facility among attempts of the given weights."""
    return quotient(weights @ np.where(usable, marks, 0.0), (weights @ usable) * maxima)


def point_biserial(chosen: Floats, chosen_sum: Floats, count: Floats, mean: Floats, variance: Floats) -> Floats:
    """Correlate a choice (1 or 0) with a score: (M₁ − M) ÷ s × √(p ÷ (1 − p)), s with divisor n, from
    the `chosen` of `count` attempts and the sum of their scores. Brown (2001), "Point-biserial correlation
    coefficients", Shiken 5(3), 12–16, writes (M₁ − M₀) ÷ s × √(p (1 − p)), which is the same."""
    share = quotient(chosen, count)
    distance = quotient(chosen_sum, chosen) - mean
    return quotient(distance * np.sqrt(quotient(share, 1 - share)), np.sqrt(variance))


def _share_of_best(values: Floats) -> Floats:
    size = max(1, int(np.floor(GROUP * values.size + 0.5)))
    border = np.partition(values, -size)[-size]
    above, level = values > border, values == border
    shares: Floats = above + level * ((size - above.sum()) / level.sum())
    return shares
