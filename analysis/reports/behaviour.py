"""The behaviour report: where the cohort's time went, what changing answers brought, and who only clicked.

Definitions of visit, dwell, idle and returns: `visits`; of changes and their gain: `changes`; of rapid guesses:
`rapid`; of pace: `pace`. Quartiles interpolate linearly (definition 7 of Hyndman & Fan (1996), "Sample quantiles
in statistical packages", The American Statistician 50(4), 361–365). *Sunk* time is dwell on questions that were
answered and stayed wrong. Times in seconds. Only attempts with a log are counted. Cost: linear in events.
"""

from __future__ import annotations

import polars as pl

from analysis.contract import Section
from analysis.frames import Cohort
from analysis.reports.changes import COUNTS
from analysis.reports.conduct import Conduct, conduct
from analysis.reports.pace import pace
from analysis.reports.rapid import ENGAGED, effort, marked
from analysis.reports.tables import Rows, seconds, table
from analysis.reports.visits import DRIFT_MS, IDLE_MS

LISTED = 100
"""Attempts that a table names at most."""

CHANGES = (*COUNTS[1:], "gained")


def behaviour(cohort: Cohort, idle_ms: int = IDLE_MS, known: Conduct | None = None) -> Section:
    """Return the report. `known`: the cohort's conduct, where it has been computed already."""
    worked = known or conduct(cohort, idle_ms)
    logged = pl.col("attempt").is_in(worked.attempts["attempt"].implode())
    rows = marked(worked.rows if _all_logged(worked) else worked.rows.filter(logged))
    attempts = by_attempt(rows, worked.attempts)
    return {
        "students": worked.attempts.height,
        "idleSeconds": idle_ms / 1000,
        "driftSeconds": DRIFT_MS / 1000,
        "questions": table(by_question(rows)),
        "sections": table(by_part(rows, "section")),
        "subjects": table(by_part(rows, "subject")),
        "changes": table(rows.select(pl.col(CHANGES).sum()))[0],
        "pace": table(pace(rows, worked.attempts)),
        "rapid": {
            "guesses": int(attempts["rapid"].sum()),
            "engagedFrom": ENGAGED,
            "disengaged": _listed(cohort, attempts.filter(pl.col("effort") < ENGAGED).sort("effort", "attempt")),
        },
        "focus": {
            "attempts": attempts.filter(pl.col("blurs") > 0).height,
            "most": _listed(
                cohort, attempts.filter(pl.col("blurs") > 0).sort("away", "attempt", descending=[True, False])
            ),
        },
        "flagged": {
            "clocks": int(attempts["flagged"].sum()),
            "gaps": attempts.filter(pl.col("gaps") > 0).height,
            "listed": _listed(cohort, attempts.filter(pl.col("flagged") | (pl.col("gaps") > 0)).sort("attempt")),
        },
    }


def _all_logged(worked: Conduct) -> bool:
    return worked.attempts.height == worked.rows["attempt"].n_unique()


def by_question(rows: pl.DataFrame) -> pl.DataFrame:
    """Return a row for each question: the time of those who saw it, and what they did with their answers."""
    wrong = (pl.col("outcome") == "WRONG") & (pl.col("answers") > 0)
    return (
        rows.group_by("number", "question", "section", "subject", "topic")
        .agg(
            seen=(pl.col("visits") > 0).sum(),
            **spread(pl.col("dwell").filter(pl.col("visits") > 0)),
            returns=pl.col("returns").filter(pl.col("visits") > 0).mean(),
            **{name: pl.col(name).sum() for name in CHANGES},
            sunk=seconds(pl.col("dwell").filter(wrong).sum()),
            threshold=seconds(pl.col("threshold").first()),
            rapid=pl.col("rapid").sum(),
            rapid_right=(pl.col("outcome") == "CORRECT").filter(pl.col("rapid")).mean(),
        )
        .sort("number", "question")
    )


def by_part(rows: pl.DataFrame, part: str) -> pl.DataFrame:
    """Return a row for each section or subject: the spread of the students' sums, in the paper's order."""
    wrong = (pl.col("outcome") == "WRONG") & (pl.col("answers") > 0)
    sums = rows.group_by("attempt", part).agg(
        pl.col("dwell", "returns", *CHANGES).sum(),
        sunk=pl.col("dwell").filter(wrong).sum(),
        number=pl.col("number").min(),
        questions=pl.col("question").n_unique(),
    )
    return (
        sums.group_by(part)
        .agg(
            questions=pl.col("questions").max(),
            students=pl.len(),
            **spread(pl.col("dwell")),
            returns=pl.col("returns").mean(),
            **{name: pl.col(name).sum() for name in CHANGES},
            sunk=seconds(pl.col("sunk").mean()),
            number=pl.col("number").min(),
        )
        .sort("number", part)
        .drop("number")
    )


def by_attempt(rows: pl.DataFrame, attempts: pl.DataFrame) -> pl.DataFrame:
    """Return a row for each attempt with a log: the sums of its questions, its focus, effort and flags; times in
    milliseconds."""
    wrong = (pl.col("outcome") == "WRONG") & (pl.col("answers") > 0)
    sums = rows.group_by("attempt").agg(
        pl.col("dwell", "idle", "visits", "returns", *CHANGES).sum(), sunk=pl.col("dwell").filter(wrong).sum()
    )
    joined = attempts.join(sums, on="attempt", how="left").join(effort(rows), on="attempt", how="left")
    counted = ["dwell", "idle", "visits", "returns", *CHANGES, "sunk", "rapid", "answered"]
    return joined.with_columns(pl.col(counted).fill_null(0))


def spread(times: pl.Expr) -> dict[str, pl.Expr]:
    """Return median and quartiles of `times`, in seconds."""
    return {
        "time_q1": seconds(times.quantile(0.25, "linear")),
        "time_median": seconds(times.median()),
        "time_q3": seconds(times.quantile(0.75, "linear")),
    }


def _listed(cohort: Cohort, attempts: pl.DataFrame) -> Rows:
    """Name the first of `attempts`, with their figures in seconds."""
    who = cohort.attempts.select("attempt", "student", "name")
    head = attempts.head(LISTED).with_columns(pl.col("attempt").cast(pl.String))
    figures = head.select(
        "attempt",
        time=seconds(pl.col("dwell")),
        idle=seconds(pl.col("idle")),
        away=seconds(pl.col("away")),
        focus_lost="blurs",
        rapid="rapid",
        effort="effort",
        clocks_disagreed="flagged",
        gaps="gaps",
    )
    return table(figures.join(who, on="attempt", how="left", maintain_order="left"))
