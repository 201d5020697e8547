"""Pace over the test: how many questions were settled in each tenth of the time.

A question is *settled* when the answer that stands was given; one whose answer was taken back is not. The tenths
are of each student's own time, from the start to the end of the log, so that extra time makes no difference.
"""

from __future__ import annotations

import polars as pl

TENTHS = 10


def settled(rows: pl.DataFrame, attempts: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that were settled, with `tenth` from 1 to 10."""
    share = pl.col("settled") * TENTHS // pl.col("ended").clip(1)
    return (
        rows.filter(pl.col("settled").is_not_null())
        .join(attempts.select("attempt", "ended"), on="attempt")
        .with_columns(tenth=(share + 1).clip(1, TENTHS).cast(pl.Int32))
    )


def pace(rows: pl.DataFrame, attempts: pl.DataFrame) -> pl.DataFrame:
    """Return for each tenth: `settled` (a student's mean), `so_far` (the sum up to here), `right` (the share of
    those settled in it; null for none)."""
    tenths = pl.DataFrame({"tenth": range(1, TENTHS + 1)}, schema={"tenth": pl.Int32})
    judged = pl.col("outcome").is_in(["CORRECT", "PARTIAL", "WRONG"])
    found = (
        settled(rows, attempts)
        .group_by("tenth")
        .agg(count=pl.len(), right=(pl.col("outcome") == "CORRECT").filter(judged).mean())
    )
    mean = pl.col("count").fill_null(0) / max(attempts.height, 1)
    return (
        tenths.join(found, on="tenth", how="left", maintain_order="left")
        .with_columns(settled=mean)
        .with_columns(so_far=pl.col("settled").cum_sum())
        .select("tenth", "settled", "so_far", "right")
    )
