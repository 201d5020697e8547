"""The conduct of a cohort: one row for each question of each attempt, and one for each attempt.

What the behaviour, student and integrity reports share; computed once, in chunks of whole attempts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

import numpy as np
import polars as pl
from numpy.typing import NDArray

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
    known = _Known.of(cohort)
    rows, attempts = [], []
    logs = chunks([cohort.events] if events is None else events, chunk)
    for some in chain(logs, [cohort.events.clear()]):
        steps = stretches(known.names.on(some), known.closed, known.stood, idle_ms)
        wholes = per_attempt(steps)
        seen = _seen(steps, known)
        rows.append(known.joined(known.graded_of(wholes["attempt"]), seen))
        attempts.append(wholes)
    logged = pl.concat(attempts)
    silent = known.graded.filter(~pl.col("attempt").is_in(logged["attempt"].implode()))
    rows.append(known.joined(silent, seen.clear()))
    return Conduct(known.names, pl.concat(rows), logged)


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a cohort before its log is read. `graded`: outcomes in the order of their attempts, whose
    numbers are `order`. `about`: the questions, in the order of their enum."""

    names: Names
    closed: pl.DataFrame
    stood: pl.DataFrame
    answers: pl.DataFrame
    keys: pl.DataFrame
    worth: pl.DataFrame
    graded: pl.DataFrame
    order: NDArray[np.uint32]
    about: pl.DataFrame

    @staticmethod
    def of(cohort: Cohort) -> _Known:
        names = Names.of(cohort)
        attempts = names.on(cohort.attempts)
        outcomes = names.on(cohort.responses.select("attempt", "question", *OUTCOME)).sort("attempt")
        about = cohort.questions.select(ABOUT).unique("question", keep="first", maintain_order=True)
        return _Known(
            names,
            ends(attempts),
            pauses(attempts),
            graded(cohort, names),
            keys(cohort, names),
            worth(cohort, names),
            outcomes,
            outcomes["attempt"].to_physical().to_numpy(),
            about.with_columns(_few(about[name]) for name in about.columns if name != "question"),
        )

    def graded_of(self, attempts: pl.Series) -> pl.DataFrame:
        """Return the outcomes of some attempts, which lie close together."""
        codes = attempts.to_physical().to_numpy()
        if not codes.size:
            return self.graded.clear()
        low, high = np.searchsorted(self.order, [codes.min(), codes.max() + 1])
        return self.graded[low:high].filter(pl.col("attempt").is_in(attempts.implode()))

    def joined(self, graded: pl.DataFrame, seen: pl.DataFrame) -> pl.DataFrame:
        """Join what was seen to what was graded and to the questions."""
        place = pl.col("question").to_physical()
        about = [name for name in ABOUT if name != "question"]
        return (
            graded.join(seen, on=["attempt", "question"], how="full", coalesce=True)
            .filter(pl.col("question").is_not_null())
            .with_columns(pl.col(ZERO).fill_null(0), pl.col("gained").fill_null(0.0))
            .with_columns(pl.lit(self.about[name]).gather(place).alias(name) for name in about)
            .with_columns(returns=(pl.col("visits") - 1).clip(0))
        )


def _seen(steps: pl.DataFrame, known: _Known) -> pl.DataFrame:
    """Sum up what was done with each question of each attempt."""
    judged = judge(steps.filter(pl.col("type") == "ANSWER"), known.answers, known.keys)
    changed = changes(steps, judged, known.worth)
    return per_question(steps, known.names.question).join(changed, on=["attempt", "question"], how="left")


def _few(texts: pl.Series) -> pl.Series:
    """Return texts as an enum: what is said again for each student then takes a byte."""
    if texts.dtype != pl.String:
        return texts
    return texts.cast(pl.Enum(texts.drop_nulls().unique(maintain_order=True)))
