"""Timing twins: two students who went from answer to answer in the same order and at the same pace, again and
again.

A *step* is the time from one first answer to the next, named by both questions; steps of less than `SHORTEST`
(rapid guesses look all alike) and of more than `LONGEST` are left out. Two students *agree* on a step that both
took when its times differ by `WITHIN` or less. Under chance, the one's time lies so close to the other's as often
as the times of students of about the same speed (strata by median step) do who took the same step; the number of
agreements is then compound binomial, and its exact tail is the significance (`tails`), the larger of the two
directions, multiplied by the number of pairs (Bonferroni). That response times should be judged jointly, given
each student's speed, is van der Linden (2009), "A bivariate lognormal response-time model for the detection
of collusion between test takers", Journal of Educational and Behavioral Statistics 34(3), 378–394; comparison
within strata stands in for that model.

Cost: O(N² J) comparisons of small integers, in tiles; memory O(N J). Doubling N takes four times as long.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analysis.reports.figures import Floats, Ints
from analysis.reports.tails import ROWS, compound_tail
from analysis.reports.wrong_answers import Codes, strata

SHORTEST, LONGEST, WITHIN = 10_000, 600_000, 2_000
"""Milliseconds."""

UNIT = 100
"""Milliseconds: the resolution at which steps are compared."""

SPAN = 1 << 14
"""Units between two steps laid side by side: more than the longest step and the tolerance."""

ABSENT = 1 << 29
FEWEST = 8
SCREEN = 4.0
MOST_PAIRS = 5_000
TILE = (64, 2_048)


@dataclass(frozen=True, slots=True)
class Steps:
    """`taken` N×J, the step that ended in each question: previous question × `SPAN` + time in units, −1 for
    none."""

    attempts: list[str]
    taken: Codes


@dataclass(frozen=True, slots=True)
class Twins:
    """Compared pairs. `agreed` of the `shared` steps were taken at the same pace; `expected` by chance."""

    first: Ints
    second: Ints
    agreed: Ints
    shared: Ints
    expected: Floats
    p: Floats
    tried: int

    @property
    def corrected(self) -> Floats:
        return np.minimum(1.0, self.p * max(self.tried, 1))


def steps(rows: pl.DataFrame) -> Steps:
    """Return the steps of every attempt that answered anything. `rows`: as of `conduct`."""
    answered = rows.filter(pl.col("answered").is_not_null()).select(
        pl.col("attempt").cast(pl.String), place=pl.col("question").to_physical().cast(pl.Int32), at="answered"
    )
    ordered = answered.sort("attempt", "at", "place").with_columns(
        row=pl.col("attempt").rank("dense").cast(pl.Int64) - 1,
        time=pl.col("at") - pl.col("at").shift(1),
        before=pl.col("place").shift(1),
        same=pl.col("attempt") == pl.col("attempt").shift(1),
    )
    kept = ordered.filter(pl.col("same") & pl.col("time").is_between(SHORTEST, LONGEST))
    attempts = ordered["attempt"].unique().sort().to_list()
    places = ordered["place"].to_numpy()
    taken = np.full((len(attempts), int(places.max(initial=-1)) + 1), -1, np.int32)
    code = kept["before"].to_numpy().astype(np.int64) * SPAN + kept["time"].to_numpy() // UNIT
    taken[kept["row"].to_numpy(), kept["place"].to_numpy()] = code
    return Steps(attempts, taken)


def twins(steps: Steps) -> Twins:
    """Compare every student's pace with every other's."""
    students = len(steps.attempts)
    pace = Pace.of(steps)
    everyone = np.zeros(students, np.int32)
    expected = Pace.within(steps.taken, everyone).chances(np.arange(students), everyone).sum(axis=1)
    least = np.maximum(expected + SCREEN * np.sqrt(expected), FEWEST)
    first, second, agreed = _screened(steps.taken, least)
    best = np.argsort(-(agreed - expected[first]), kind="stable")[:MOST_PAIRS]
    first, second, agreed = first[best], second[best], agreed[best]
    one, other = (_compared(pace, a, b, agreed) for a, b in ((first, second), (second, first)))
    shared, expected_by_chance = one[0], np.maximum(one[1], other[1])
    tried = students * (students - 1) // 2
    return Twins(first, second, agreed, shared, expected_by_chance, np.maximum(one[2], other[2]), tried)


@dataclass(frozen=True, slots=True)
class Pace:
    """How the times of each step are spread among students of each speed: `known`, all of them, in order, on one
    line on which the steps of all strata and questions are laid end to end."""

    taken: Codes
    stratum: Codes
    known: Ints

    @staticmethod
    def of(steps: Steps) -> Pace:
        """Put the students into strata by their median step."""
        times = np.where(steps.taken >= 0, steps.taken % SPAN, np.nan)
        medians = np.zeros(len(steps.attempts))
        some = (steps.taken >= 0).any(axis=1)
        medians[some] = np.nanmedian(times[some], axis=1)
        return Pace.within(steps.taken, strata(medians))

    @staticmethod
    def within(taken: Codes, stratum: Codes) -> Pace:
        return Pace(taken, stratum, np.sort(_laid(taken, stratum)[taken >= 0]))

    def chances(self, rows: Ints, stratum: Codes) -> Floats:
        """Return for each of `rows` and each question the share of times in `stratum` that are close to its own, 0
        where it took no step."""
        asked = _laid(self.taken[rows], stratum)
        within = WITHIN // UNIT
        close = self._below(asked + within + 1) - self._below(asked - within)
        group = asked - asked % SPAN
        among = self._below(group + SPAN) - self._below(group)
        return np.where(self.taken[rows] >= 0, (close + 1) / (among + 2), 0.0)

    def _below(self, places: Ints) -> Ints:
        """Count the known times before each place on the line."""
        return np.searchsorted(self.known, places).astype(np.int64)


def _laid(taken: Codes, stratum: Codes) -> Ints:
    """Return the steps' places on the line."""
    questions = taken.shape[1]
    first = (stratum.astype(np.int64)[:, None] * questions + np.arange(questions)) * questions * SPAN
    laid: Ints = first + np.maximum(taken, 0)
    return laid


def _screened(taken: Codes, least: Floats) -> tuple[Ints, Ints, Ints]:
    """Count the agreements of all pairs, and return those with at least as many as either asks for."""
    within = WITHIN // UNIT
    ours = np.where(taken >= 0, taken - within, -ABSENT).astype(np.int32)
    theirs = np.ascontiguousarray(np.where(taken >= 0, taken, ABSENT).astype(np.int32).T)
    students, height, width = len(taken), *TILE
    found: list[tuple[Ints, Ints, Ints]] = []
    for top in range(0, students, height):
        block = ours[top : top + height]
        for left in range(top - top % width, students, width):
            agreed = _agreements(block, theirs[:, left : left + width], 2 * within)
            first, second = np.nonzero(agreed >= least[top : top + height, None])
            kept = second + left > first + top
            first, second = first[kept], second[kept]
            found.append((first + top, second + left, agreed[first, second].astype(np.int64)))
    if not found:
        return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.int64)
    return (
        _joined([one for one, _, _ in found]),
        _joined([one for _, one, _ in found]),
        _joined([n for _, _, n in found]),
    )


def _joined(parts: list[Ints]) -> Ints:
    return np.concatenate(parts).astype(np.int64)


def _agreements(ours: Codes, theirs: Codes, range_: int) -> NDArray[np.uint16]:
    """Count for a tile of pairs the questions whose steps are the same and close: one subtraction, and one
    unsigned comparison that says `0 ≤ difference ≤ range`."""
    shape = (ours.shape[0], theirs.shape[1])
    difference, close = np.empty(shape, np.int32), np.empty(shape, bool)
    count = np.zeros(shape, np.uint16)
    for question in range(ours.shape[1]):
        np.subtract(theirs[question][None, :], ours[:, question, None], out=difference)
        np.less_equal(difference.view(np.uint32), np.uint32(range_), out=close)
        np.add(count, close.view(np.uint8), out=count)
    return count


def _compared(pace: Pace, one: Ints, other: Ints, agreed: Ints) -> tuple[Ints, Floats, Floats]:
    """Return steps shared, agreements expected, and p, given the times of `one` and the speed of `other`."""
    shared, expected, p = [np.empty(0, np.int64)], [np.empty(0)], [np.empty(0)]
    for start in range(0, one.size, ROWS):
        a, b = one[start : start + ROWS], other[start : start + ROWS]
        ours, theirs = pace.taken[a], pace.taken[b]
        both = (ours >= 0) & (theirs >= 0) & (ours // SPAN == theirs // SPAN)
        chances = np.where(both, pace.chances(a, pace.stratum[b]), 0.0)
        shared.append(both.sum(axis=1))
        expected.append(chances.sum(axis=1))
        p.append(compound_tail(chances, agreed[start : start + ROWS]))
    return np.concatenate(shared), np.concatenate(expected), np.concatenate(p)
