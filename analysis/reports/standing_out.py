"""What of one student's figures stands out against the cohort: by part of the test, in marks and in time.

For each part (subject or topic) a student's *share* is marks ÷ maximum, and *time* the dwell on its questions.
Both are set against the cohort by the z-score, (value − mean) ÷ standard deviation (n − 1), over all students of
the test; it is null where the cohort does not vary or has fewer than `FEWEST` students.
"""

from __future__ import annotations

import polars as pl

from analysis.frames import Cohort
from analysis.reports.conduct import Conduct

FEWEST = 5
COUNTS = ("changes", "right_wrong", "wrong_right", "gained")


def parts(cohort: Cohort, worked: Conduct, part: str) -> pl.DataFrame:
    """Return a row for each attempt and `part`: `share`, `time` and `sunk` in seconds, the counts of answers, each
    with the cohort's mean and median (`share_mean`, `time_median`) and the z-scores `share_z` and `time_z`;
    `lowest` and `highest` mark the student's extremes of `share_z`."""
    rows = worked.rows.filter(pl.col(part).is_not_null() & (pl.col("outcome") != "DROPPED").fill_null(True))
    wrong = pl.col("outcome") == "WRONG"
    sums = rows.group_by("attempt", part).agg(
        number=pl.col("number").min(),
        questions=pl.len(),
        right=(pl.col("outcome") == "CORRECT").sum(),
        wrong=wrong.sum(),
        unanswered=(pl.col("outcome") == "UNANSWERED").sum(),
        share=pl.when(pl.col("maximum").sum() > 0).then(pl.col("marks").sum() / pl.col("maximum").sum()),
        time=pl.col("dwell").sum() / 1000,
        sunk=pl.col("dwell").filter(wrong).sum() / 1000,
        **{name: pl.col(name).sum() for name in COUNTS},
    )
    if worked.attempts.is_empty():
        sums = sums.with_columns(time=pl.lit(None, pl.Float64), sunk=pl.lit(None, pl.Float64))
    compared = sums.with_columns(
        share_mean=pl.col("share").mean().over(part),
        share_z=_z("share").over(part),
        time_median=pl.col("time").median().over(part),
        time_z=_z("time").over(part),
    )
    z = pl.col("share_z")
    extremes = compared.with_columns(lowest=z == z.min().over("attempt"), highest=z == z.max().over("attempt"))
    return extremes.sort("attempt", "number", part)


def _z(name: str) -> pl.Expr:
    value = pl.col(name)
    deviation = value.std()
    return pl.when((pl.len() >= FEWEST) & (deviation > 1e-9)).then((value - value.mean()) / deviation)
