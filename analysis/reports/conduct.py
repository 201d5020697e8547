"""The conduct of a cohort: one row for each question of each attempt, and one for each attempt.

What the behaviour, student and integrity reports share; computed once, in chunks of whole attempts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from analysis.frames import Cohort
from analysis.reports.changes import COUNTS, changes
from analysis.reports.judging import graded, judge, keys, worth
from analysis.reports.visits import (
    CHUNK,
    IDLE_MS,
    Names,
    chunks,
    ends,
    pauses,
    per_attempt,
    per_question,
    stretches,
)

OUTCOME = ("outcome", "marks")
ZERO = ("visits", "dwell", "idle", *COUNTS)
ABOUT = ("question", "number", "section", "subject", "topic", "type", "maximum")


@dataclass(frozen=True, slots=True)
class Conduct:
    """`rows`: attempt × question that was graded or seen, with what is known of the question (`ABOUT`), `outcome`,
    `marks`, `visits`, `returns`, `dwell`, `idle`, the counts of changes, `gained`, `answered`, `settled`.
    `attempts`: `ended`, `before`, `away`, `blurs`, `flagged`, `gaps`; only attempts with events.
    Times in milliseconds; ids as enums."""

    names: Names
    rows: pl.DataFrame
    attempts: pl.DataFrame


def conduct(
    cohort: Cohort, idle_ms: int = IDLE_MS, chunk: int = CHUNK, events: Iterable[pl.DataFrame] | None = None
) -> Conduct:
    """Work through the log of a cohort, or through `events`, which come in parts; those of others are passed over.
    Time is linear in events; memory in attempts × questions."""
    names = Names.of(cohort)
    closed, stood = ends(names.on(cohort.attempts)), pauses(names.on(cohort.attempts))
    known = graded(cohort, names)
    key, value = keys(cohort, names), worth(cohort, names)
    seen, wholes = [], []
    for some in chunks([cohort.events] if events is None else events, chunk):
        steps = stretches(names.on(some), closed, stood, idle_ms)
        dwelt = per_question(steps, names.question)
        answers = steps.filter(pl.col("type") == "ANSWER")
        changed = changes(steps, judge(answers, known, key), value)
        seen.append(dwelt.join(changed, on=["attempt", "question"], how="left"))
        wholes.append(per_attempt(steps))
    if not seen:
        nothing = stretches(names.on(cohort.events.head(0)), closed, stood, idle_ms)
        judged = judge(nothing, known, key)
        dwelt = per_question(nothing, names.question)
        seen.append(dwelt.join(changes(nothing, judged, value), on=["attempt", "question"], how="left"))
        wholes.append(per_attempt(nothing))
    return Conduct(names, _rows(cohort, names, pl.concat(seen)), pl.concat(wholes))


def _rows(cohort: Cohort, names: Names, seen: pl.DataFrame) -> pl.DataFrame:
    """Join what was seen to what was graded and to the questions."""
    graded = names.on(cohort.responses.select("attempt", "question", *OUTCOME))
    about = cohort.questions.select(ABOUT).unique("question", keep="first", maintain_order=True)
    place = pl.col("question").to_physical()
    return (
        graded.join(seen, on=["attempt", "question"], how="full", coalesce=True)
        .filter(pl.col("question").is_not_null())
        .with_columns(pl.col(ZERO).fill_null(0), pl.col("gained").fill_null(0.0))
        .with_columns(
            pl.lit(_few(about[name])).gather(place).alias(name) for name in about.columns if name != "question"
        )
        .with_columns(returns=(pl.col("visits") - 1).clip(0))
    )


def _few(texts: pl.Series) -> pl.Series:
    """Return texts as an enum: what is said again for each student then takes a byte."""
    if texts.dtype != pl.String:
        return texts
    return texts.cast(pl.Enum(texts.drop_nulls().unique(maintain_order=True)))
