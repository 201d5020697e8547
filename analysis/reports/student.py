"""The students' pages: for each what was strong and weak, where the time went, and what to change next time.

Figures are those of `standing_out` (parts against the cohort), `behaviour` (time, changes, rapid guesses, focus),
the sentences are made from them by the rules of `advice`. Built for all students in one pass; `page` takes out
one. Times in seconds. Cost: linear in events.
"""

from __future__ import annotations

import polars as pl

from analysis.contract import Section
from analysis.frames import Cohort
from analysis.reports.advice import FEW_QUESTIONS, OF_SUBJECTS, OF_TOPICS, OF_WHOLE, SLOW, STRONG, WEAK, said
from analysis.reports.behaviour import by_attempt
from analysis.reports.conduct import Conduct, conduct
from analysis.reports.rapid import marked
from analysis.reports.standing_out import parts
from analysis.reports.tables import Rows, seconds, table
from analysis.reports.visits import IDLE_MS

PART = ("part", "questions", "right", "wrong", "unanswered", "share", "share_mean", "time", "time_median", "sunk")
NO_PARTS: dict[str, Rows] = {"subjects": [], "topics": []}
TIMES = ("dwell", "idle", "away", "sunk")
WHOLE = ("time", "idle", "away", "sunk", "blurs", "returns", "changes", "right_wrong", "wrong_right", "gained")


def students(cohort: Cohort, idle_ms: int = IDLE_MS, known: Conduct | None = None) -> Section:
    """Return a row for each attempt, with its parts and its sentences. `known`: the conduct, where it is
    computed."""
    worked = known or conduct(cohort, idle_ms)
    rules = {"strongFrom": STRONG, "weakTo": WEAK, "slowFrom": SLOW, "fewestQuestions": FEW_QUESTIONS}
    return {"rules": rules, "rows": rows(cohort, worked)}


def page(cohort: Cohort, attempt: str, known: Conduct | None = None) -> Section | None:
    """Return one attempt's row; `None` for an attempt that does not count."""
    worked = known or conduct(cohort)
    found = rows(cohort, worked, attempt)
    return found[0] if found else None


def rows(cohort: Cohort, worked: Conduct, only: str | None = None) -> Rows:
    """Return the rows of all attempts, or of one against all."""
    who = cohort.attempts.select("attempt", studentId="student", name="name", externalId="external_id")
    if only is not None:
        who = who.filter(pl.col("attempt") == only)
    built = who.unique("attempt", keep="first", maintain_order=True).join(
        _plain(whole(worked)), on="attempt", how="left", maintain_order="left"
    )
    sentences, nested = [built.select("attempt", "sentences")], dict[str, dict[str, Rows]]()
    for part, rules in (("subject", OF_SUBJECTS), ("topic", OF_TOPICS)):
        told = _plain(said(parts(cohort, worked, part).rename({part: "part"}), rules))
        told = told.join(who.select("attempt"), on="attempt", how="semi", maintain_order="left")
        sentences.insert(-1, told.select("attempt", pl.col("sentences")))
        for attempt, figures in zip(told["attempt"], table(told.select(PART)), strict=True):
            nested.setdefault(attempt, {"subjects": [], "topics": []})[f"{part}s"].append(figures)
    spoken = pl.concat(sentences).explode("sentences").drop_nulls("sentences")
    spoken = spoken.group_by("attempt", maintain_order=True).agg("sentences")
    built = built.drop("sentences").join(spoken, on="attempt", how="left", maintain_order="left")
    return [
        row | nested.get(row["attemptId"], NO_PARTS) | {"sentences": row["sentences"] or []}
        for row in table(built.rename({"attempt": "attemptId"}))
    ]


def whole(worked: Conduct) -> pl.DataFrame:
    """Return a row for each attempt that was graded or seen: its sums over the paper, and its sentences."""
    rapid = marked(worked.rows)
    counts = rapid.group_by("attempt").agg(
        right=(pl.col("outcome") == "CORRECT").sum(),
        wrong=(pl.col("outcome") == "WRONG").sum(),
        unanswered=(pl.col("outcome") == "UNANSWERED").sum(),
        unseen=(pl.col("visits") == 0).sum(),
        rapid_right=((pl.col("outcome") == "CORRECT") & pl.col("rapid")).sum(),
    )
    logged = by_attempt(rapid, worked.attempts).with_columns(seconds(pl.col(TIMES))).rename({"dwell": "time"})
    figures = logged.select("attempt", *WHOLE, "rapid", "effort", "flagged")
    joined = counts.join(figures, on="attempt", how="left").with_columns(
        unseen=pl.when(pl.col("time").is_not_null()).then("unseen")
    )
    return said(joined, OF_WHOLE).sort("attempt")


def _plain(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(pl.col("attempt").cast(pl.String))
