"""How a figure leaves a report: a float, or null where it is not defined."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Ints = NDArray[np.int64]

NEGLIGIBLE = 1e-12
"""A variance below this share of the mean square is the rounding of a constant."""


def figure(value: float | np.floating | None, digits: int = 6) -> float | None:
    """Return `value` as JSON has it: rounded, and null for what is not a number."""
    if value is None or not math.isfinite(value):
        return None
    return round(float(value), digits) + 0.0


def figures(values: Floats, digits: int = 6) -> list[float | None]:
    """Return each of `values` as `figure` does."""
    return [figure(value, digits) for value in values]


def quotient(above: Floats, below: Floats) -> Floats:
    """Divide where the divisor is positive; NaN elsewhere, and no warning."""
    above, below = np.broadcast_arrays(above, below)
    result: Floats = np.full(above.shape, np.nan)
    np.divide(above, below, out=result, where=below > 0)
    return result


def variation(sums: Floats, squares: Floats, counts: Floats) -> Floats:
    """Return the population variance from sums, sums of squares and counts: exactly 0 for a constant, NaN for
    nobody."""
    mean, mean_square = quotient(sums, counts), quotient(squares, counts)
    variance = mean_square - mean**2
    return np.where(variance > NEGLIGIBLE * mean_square, variance, 0.0 * variance)
