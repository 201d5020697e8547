"""Sentences for a student, made from figures by declared rules: one is said only when its figures support it.

A rule is an expression over the columns of a student's row: `when` it holds, and the sentence that `say`s so. The
rules of a part (subject or topic) name it. Each sentence states the figures that it rests on, and what is advised
is what the student can do: choose the order, leave a question, guess less, change less.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

STRONG, WEAK = 0.75, -0.75
"""z-scores of the share of marks."""

SLOW = 1.0
"""z-score of the time."""

FEW_QUESTIONS = 4
"""A part with fewer questions says too little."""

MUCH_SUNK = 0.35
LATE = 3
UNSEEN = 3
RAPID = 3
LOSSES = 2
AWAY_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    when: pl.Expr
    say: pl.Expr


def _percent(share: pl.Expr) -> pl.Expr:
    return (share * 100).round(0).cast(pl.Int64, strict=False).cast(pl.String)


def _minutes(seconds: pl.Expr) -> pl.Expr:
    minutes = (seconds / 60).round(0).clip(1).cast(pl.Int64, strict=False)
    return pl.format("{} {}", minutes, pl.when(minutes == 1).then(pl.lit("minute")).otherwise(pl.lit("minutes")))


def _count(number: pl.Expr, one: str, many: str) -> pl.Expr:
    return pl.format("{} {}", number, pl.when(number == 1).then(pl.lit(one)).otherwise(pl.lit(many)))


ENOUGH = pl.col("questions") >= FEW_QUESTIONS
OWN, COHORT = _percent(pl.col("share")), _percent(pl.col("share_mean"))

STRENGTH = Rule(
    "STRENGTH",
    ENOUGH & (pl.col("share_z") >= STRONG) & (pl.col("share") > 0),
    pl.format("{} is a strength: {} % of its marks, {} % on average.", pl.col("part"), OWN, COHORT),
)
WEAKNESS = Rule(
    "WEAKNESS",
    ENOUGH & (pl.col("share_z") <= WEAK),
    pl.format("{} is a weakness: {} % of its marks, {} % on average.", pl.col("part"), OWN, COHORT),
)
SLOW_PART = Rule(
    "SLOW",
    ENOUGH & (pl.col("time_z") >= SLOW),
    pl.format(
        "{} took {}, half of the others needed {} or less.",
        pl.col("part"),
        _minutes(pl.col("time")),
        _minutes(pl.col("time_median")),
    ),
)
REVISE = Rule(
    "REVISE",
    WEAKNESS.when & pl.col("lowest"),
    pl.format("Begin revising with {}: {} % of its marks, {} % on average.", pl.col("part"), OWN, COHORT),
)
BEST = Rule(
    "BEST",
    STRENGTH.when & pl.col("highest"),
    pl.format("{} went best of all: {} % of its marks, {} % on average.", pl.col("part"), OWN, COHORT),
)
OF_SUBJECTS = (STRENGTH, WEAKNESS, SLOW_PART)
OF_TOPICS = (BEST, REVISE)

OF_WHOLE = (
    Rule(
        "SUNK",
        (pl.col("time") > 0) & (pl.col("sunk") > MUCH_SUNK * pl.col("time")) & (pl.col("wrong") >= LATE),
        pl.format(
            "{} % of the time went into questions that stayed wrong; leave such a question sooner and come back.",
            _percent(pl.col("sunk") / pl.col("time")),
        ),
    ),
    Rule(
        "UNSEEN",
        (pl.col("unseen") >= UNSEEN),
        pl.format(
            "{} never opened; go through the whole paper once before settling down.",
            _count(pl.col("unseen"), "question was", "questions were"),
        ),
    ),
    Rule(
        "CHANGES_LOST",
        (pl.col("gained") < 0) & (pl.col("right_wrong") >= LOSSES),
        pl.format(
            "Changing answers cost {} marks: {} from right to wrong, {} the other way. Change only for a reason.",
            (-pl.col("gained")).round(2).cast(pl.String).str.strip_suffix(".0"),
            pl.col("right_wrong"),
            pl.col("wrong_right"),
        ),
    ),
    Rule(
        "CHANGES_GAINED",
        (pl.col("gained") > 0) & (pl.col("wrong_right") >= LOSSES),
        pl.format(
            "Going over answers paid: {} from wrong to right, {} from right to wrong. Keep time for it.",
            _count(pl.col("wrong_right"), "change", "changes"),
            pl.col("right_wrong"),
        ),
    ),
    Rule(
        "RAPID",
        (pl.col("rapid") >= RAPID),
        pl.format(
            "{} given too quickly to have been read; {} of them right.",
            _count(pl.col("rapid"), "answer was", "answers were"),
            pl.col("rapid_right"),
        ),
    ),
    Rule(
        "AWAY",
        (pl.col("away") >= AWAY_SECONDS),
        pl.format(
            "The test was out of sight for {}, {}.",
            _minutes(pl.col("away")),
            _count(pl.col("blurs"), "time", "times"),
        ),
    ),
)


def said(rows: pl.DataFrame, rules: tuple[Rule, ...]) -> pl.DataFrame:
    """Return the rows with `sentences`: a list of {rule, text} of the rules that hold, in their order. A figure
    that is not defined supports nothing."""
    placed = rows.with_row_index("place")
    spoken = pl.concat(
        [
            placed.filter(rule.when.fill_null(False)).select(
                "place", sentences=pl.struct(rule=pl.lit(rule.name), text=rule.say)
            )
            for rule in rules
        ]
    )
    lists = spoken.group_by("place", maintain_order=True).agg("sentences")
    joined = placed.join(lists, on="place", how="left", maintain_order="left").drop("place")
    return joined.with_columns(pl.col("sentences").fill_null([]))
