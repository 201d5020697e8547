"""The scores of one test as arrays: attempts down, questions across, in paper order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analysis.frames import OUTCOMES, Cohort
from analysis.reports.figures import Flags, Floats, Ints
from analysis.reports.places import places

ABSENT = 255
"""The outcome where the responses have no row."""

CODES = {name: code for code, name in enumerate(OUTCOMES.categories.to_list())}
FINAL = [CODES[name] for name in ("CORRECT", "PARTIAL", "WRONG", "UNANSWERED")]


@dataclass(frozen=True)
class Scores:
    """One test. `questions`, `attempts`: frames, in the order of the arrays' axes. `rows`: the responses with
    `row` and `column`, their places in the arrays. `marks`: 0 where there are none; `outcomes`: codes of
    `OUTCOMES`, `ABSENT`; `counted`: false beyond the n of "answer any n"."""

    test: str
    questions: pl.DataFrame
    attempts: pl.DataFrame
    rows: pl.DataFrame
    marks: Floats
    outcomes: NDArray[np.uint8]
    counted: Flags

    @cached_property
    def usable(self) -> Flags:
        """Where a response says something of the question: it counts, and the question is settled."""
        flags: Flags = np.isin(self.outcomes, FINAL) & self.counted & self.settled
        return flags

    @cached_property
    def settled(self) -> Flags:
        """Which questions were not dropped and wait for nobody to grade them by hand."""
        flags: Flags = ~self.questions["dropped"].to_numpy() & ~self.pending.any(axis=0)
        return flags

    @cached_property
    def pending(self) -> Flags:
        """Which answers wait to be graded by hand."""
        flags: Flags = self.outcomes == CODES["PENDING"]
        return flags

    @cached_property
    def right(self) -> Flags:
        """Where full marks were deserved."""
        flags: Flags = self.outcomes == CODES["CORRECT"]
        return flags

    @cached_property
    def maxima(self) -> Floats:
        return self.questions["maximum"].to_numpy().astype(np.float64)

    @cached_property
    def criterion(self) -> Floats:
        """Each attempt's marks in the settled questions: what a question is held against. Rounded, so that equal
        sums of fractions are equal."""
        return np.round(self.marks @ self.settled.astype(np.float64), 9)

    def columns(self, by: str, value: str) -> Ints:
        """Return the places of the questions whose `by` is `value`."""
        return np.flatnonzero((self.questions[by] == value).to_numpy())


def each_test(cohort: Cohort) -> Iterator[Scores]:
    """Yield every test of a cohort, in the order in which the questions name them."""
    for test in cohort.questions["test"].unique(maintain_order=True):
        yield scores(cohort, test)


def scores(cohort: Cohort, test: str) -> Scores:
    """Lay out one test; memory is attempts × questions × 10 bytes, and the rows."""
    questions = cohort.questions.filter(pl.col("test") == test).sort("number", "question")
    attempts = cohort.attempts.filter(pl.col("test") == test).sort("attempt")
    rows = cohort.responses.select(
        "outcome",
        "response",
        "marks",
        "counted",
        row=places(cohort.responses["attempt"], attempts["attempt"]),
        column=places(cohort.responses["question"], questions["question"]),
    ).drop_nulls(["row", "column"])
    shape = (attempts.height, questions.height)
    where = (rows["row"].to_numpy(), rows["column"].to_numpy())
    marks, outcomes, counted = np.zeros(shape), np.full(shape, ABSENT, np.uint8), np.zeros(shape, np.bool_)
    marks[where] = rows["marks"].fill_null(0.0).to_numpy()
    outcomes[where] = rows["outcome"].to_physical().cast(pl.UInt8).to_numpy()
    counted[where] = rows["counted"].to_numpy()
    return Scores(test, questions, attempts, rows, marks, outcomes, counted)
