"""Rapid guesses: answers given sooner than the question can have been worked on.

The normative threshold NT10 of Wise & Ma (2012), "Setting response time thresholds for a CAT item pool: The
normative threshold method" (annual meeting of the National Council on Measurement in Education, Vancouver): a
question's threshold is 10 % of its mean response time, and at most 10 seconds. An answer below it is a rapid
guess. Response-time effort (RTE) is the share of a student's answers that are none: Wise & Kong (2005), "Response
time effort: A new measure of examinee motivation in computer-based tests", Applied Measurement in Education 18(2),
163–183; below 0.90 they speak of disengagement.
"""

from __future__ import annotations

import polars as pl

SHARE = 0.10
CEILING_MS = 10_000
ENGAGED = 0.90


def thresholds(rows: pl.DataFrame) -> pl.DataFrame:
    """Return each question's `threshold` in milliseconds, from the dwell of all who answered it."""
    answered = rows.filter(pl.col("answers") > 0)
    mean = (SHARE * pl.col("dwell").mean()).clip(upper_bound=CEILING_MS)
    return answered.group_by("question").agg(threshold=mean)


def marked(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with `threshold` and `rapid`: null where nothing was answered."""
    known = thresholds(rows)
    threshold = pl.col("question").replace_strict(
        known["question"], known["threshold"], default=None, return_dtype=pl.Float64
    )
    return rows.with_columns(threshold=threshold).with_columns(
        rapid=pl.when(pl.col("answers") > 0).then(pl.col("dwell") < pl.col("threshold"))
    )


def effort(rapid: pl.DataFrame) -> pl.DataFrame:
    """Return by attempt: `rapid`, `answered`, `effort` (RTE; null where nothing was answered)."""
    return (
        rapid.group_by("attempt")
        .agg(rapid=pl.col("rapid").sum().cast(pl.Int32), answered=pl.col("rapid").count().cast(pl.Int32))
        .with_columns(effort=pl.when(pl.col("answered") > 0).then(1 - pl.col("rapid") / pl.col("answered")))
    )
