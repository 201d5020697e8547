"""How far a score can be trusted: Cronbach's alpha and the standard error of measurement."""

from __future__ import annotations

import numpy as np

from analysis.reports.figures import NEGLIGIBLE, Floats


def alpha(marks: Floats) -> float:
    """Return Cronbach's alpha of students × questions; NaN for fewer than two of either, or equal totals.

    α = k ÷ (k − 1) × (1 − Σ var(question) ÷ var(total)) (Cronbach 1951, "Coefficient alpha and the internal
    structure of tests", Psychometrika 16, 297–334). Of questions marked 0 or 1 it is KR-20 (Kuder & Richardson
    1937). The divisor of the variances, n or n − 1, cancels.
    """
    students, questions = marks.shape
    if students < 2 or questions < 2:
        return float("nan")
    total = marks.sum(axis=1)
    variance = float(total.var())
    if variance <= NEGLIGIBLE * float(np.mean(total**2)):
        return float("nan")
    shared = 1 - float(marks.var(axis=0).sum()) / variance
    return float(questions / (questions - 1) * shared)


def measurement_error(deviation: float, reliability: float) -> float:
    """Return the standard error of measurement, in marks: s × √(1 − α) (Lord & Novick 1968)."""
    return deviation * float(np.sqrt(1 - reliability))
