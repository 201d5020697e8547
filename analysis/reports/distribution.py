"""How a list of scores is spread."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from analysis.reports.figures import NEGLIGIBLE, Floats, figure

BINS = 20
STEPS = (1, 2, 5)


def spread(values: Floats) -> dict[str, Any]:
    """Describe `values`: count, mean, deviation, skewness, extremes and quartiles; null where not defined.

    Quartiles interpolate between order statistics at 1 + (n − 1)p, definition 7 of Hyndman & Fan (1996), "Sample
    quantiles in statistical packages", The American Statistician 50, 361–365. The deviation divides by n − 1; the
    skewness is g₁ = m₃ ÷ m₂^(3/2) (Joanes & Gill 1998), not defined without variance.
    """
    if not values.size:
        names = ("mean", "deviation", "skewness", "minimum", "lowerQuartile", "median", "upperQuartile", "maximum")
        return {"students": 0} | dict.fromkeys(names)
    low, lower, median, upper, high = np.quantile(values, [0, 0.25, 0.5, 0.75, 1], method="linear")
    return {
        "students": int(values.size),
        "mean": figure(values.mean()),
        "deviation": figure(deviation(values)),
        "skewness": figure(_skewness(values)),
        "minimum": figure(low),
        "lowerQuartile": figure(lower),
        "median": figure(median),
        "upperQuartile": figure(upper),
        "maximum": figure(high),
    }


def deviation(values: Floats) -> float:
    """Return the sample standard deviation; NaN for fewer than two."""
    return float(values.std(ddof=1)) if values.size > 1 else float("nan")


def histogram(values: Floats, highest: float) -> list[dict[str, Any]]:
    """Count `values` in bins of equal width, a round number, at most `BINS` from 0 to `highest`; below 0 as many
    more as there are scores for. A bin holds `from` ≤ value < `to`; the last one its end, too."""
    if not values.size:
        return []
    step = round_step(max(highest, float(values.max()), 0.0) / BINS)
    first = math.floor(min(0.0, float(values.min())) / step)
    last = max(math.ceil(max(highest, float(values.max())) / step), first + 1)
    edges = np.arange(first, last + 1) * step
    counts, _ = np.histogram(values, edges)
    return [
        {"from": figure(low), "to": figure(high), "students": int(count), "share": figure(count / values.size)}
        for low, high, count in zip(edges[:-1], edges[1:], counts, strict=True)
    ]


def round_step(least: float) -> float:
    """Return the least of 1, 2, 5, 10, 20, 50, … that is not below `least`; the same below 1."""
    if least <= 0:
        return 1.0
    decade = 10.0 ** math.floor(math.log10(least))
    return next((step * decade for step in STEPS if step * decade >= least), 10 * decade)


def _skewness(values: Floats) -> float:
    centred = values - values.mean()
    second = float(np.mean(centred**2))
    if second <= NEGLIGIBLE * float(np.mean(values**2)) or second == 0:
        return float("nan")
    return float(np.mean(centred**3) / second**1.5)
