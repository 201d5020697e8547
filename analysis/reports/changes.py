"""Answers on the way: changed from what to what, how often, and what it brought.

A *change* is an ANSWER whose response differs from the one before it to the same question; a CLEAR between them
makes no difference, and a CLEAR that nothing followed is counted as *withdrawn*. A change is right→wrong,
wrong→right or wrong→wrong by the key; one that cannot be judged is a change and none of these. It *gained* what
the new answer is worth less what the old one was. After Benjamin, Cavell & Shallenberger (1984), "Staying with
initial answers on objective tests: Is it a myth?", Teaching of Psychology 11(3), 133–141.
"""

from __future__ import annotations

import polars as pl

COUNTS = ("answers", "changes", "right_wrong", "wrong_right", "wrong_wrong")


def changes(stretches: pl.DataFrame, judged: pl.DataFrame, worth: pl.DataFrame) -> pl.DataFrame:
    """Sum up by attempt and question: the counts, `gained`, `answered` (the instant of the first answer),
    `settled` (of the last that stands, null when it was taken back) and `withdrawn`."""
    said = stretches.filter(pl.col("type").is_in(["ANSWER", "CLEAR"])).select(
        "attempt", "question", "type", "response", "t"
    )
    said = said.filter(pl.col("question").is_not_null()).sort("attempt", "question", maintain_order=True)
    cleared = said.group_by("attempt", "question", maintain_order=True).agg(
        withdrawn=pl.col("type").last() == "CLEAR"
    )
    answers = (
        said.filter(pl.col("type") == "ANSWER")
        .join(judged, on=["question", "response"], how="left", maintain_order="left")
        .join(worth, on="question", how="left", maintain_order="left")
        .with_columns(worth=pl.when("right").then("if_right").when(~pl.col("right")).then("if_wrong"))
    )
    same = (pl.col("attempt") == pl.col("attempt").shift(1)) & (pl.col("question") == pl.col("question").shift(1))
    was, now = pl.col("right").shift(1), pl.col("right")
    changed = (same & (pl.col("response") != pl.col("response").shift(1))).fill_null(False)
    return (
        answers.with_columns(
            changed=changed,
            right_wrong=(changed & was & ~now).fill_null(False),
            wrong_right=(changed & ~was & now).fill_null(False),
            wrong_wrong=(changed & ~was & ~now).fill_null(False),
            gain=pl.when(changed).then(pl.col("worth") - pl.col("worth").shift(1)),
        )
        .group_by("attempt", "question")
        .agg(
            answers=pl.len().cast(pl.Int32),
            changes=pl.col("changed").sum().cast(pl.Int32),
            right_wrong=pl.col("right_wrong").sum().cast(pl.Int32),
            wrong_right=pl.col("wrong_right").sum().cast(pl.Int32),
            wrong_wrong=pl.col("wrong_wrong").sum().cast(pl.Int32),
            gained=pl.col("gain").sum(),
            answered=pl.col("t").first(),
            settled=pl.col("t").last(),
        )
        .join(cleared, on=["attempt", "question"], how="left")
        .with_columns(settled=pl.when(~pl.col("withdrawn")).then("settled"))
    )
