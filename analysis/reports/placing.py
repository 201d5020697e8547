"""Ranks and percentiles of exactly ordered values.

Percentile: 100 × (candidates with raw score ≤ yours) ÷ (candidates who appeared), to seven decimals, by session;
the highest score of every session has 100 (National Testing Agency, "Normalization procedure based on percentile
score", in its information bulletins). Kept as an integer of ten-millionths, rounded half up, because it is
compared: a tie is a tie of what is published.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.reports.figures import Flags, Ints

DECIMALS = 7
UNIT = 10**DECIMALS


def percentiles(values: Ints, appeared: Ints) -> Ints:
    """Return the percentile of each value among those who `appeared`, in units of 10⁻⁷; -1 if nobody did."""
    if not appeared.size:
        return np.full(values.size, -1, np.int64)
    no_better = np.searchsorted(np.sort(appeared), values, side="right").astype(np.int64)
    units: Ints = (200 * UNIT * no_better + appeared.size) // (2 * appeared.size)
    return units


def percentile_text(units: int) -> str:
    """Write a percentile: "98.7654321"."""
    return f"{units // UNIT}.{units % UNIT:0{DECIMALS}}"


def ranks(keys: Sequence[Ints], counting: Flags) -> Ints:
    """Rank by `keys`, the first first, the greater before the lesser: 1, 2, 2, 4.

    A rank is one more than the number of those `counting` who are better; what does not count is placed among
    them and moves nobody.
    """
    if not counting.size:
        return np.zeros(0, np.int64)
    order = np.lexsort([-key for key in reversed(keys)])
    ordered = np.stack([key[order] for key in keys])
    fresh = np.concatenate([[True], (ordered[:, 1:] != ordered[:, :-1]).any(axis=0)])
    before = np.concatenate([[0], np.cumsum(counting[order])[:-1]])
    result = np.empty(order.size, np.int64)
    result[order] = 1 + before[np.flatnonzero(fresh)[np.cumsum(fresh) - 1]]
    return result
