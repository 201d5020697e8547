"""Pairs of students whose wrong answers agree more than chance allows.

Wollack's ω (1997), "A nominal response model approach for detecting answer copying", Applied Psychological
Measurement 21(4), 307–320, over the questions that the one (*source*) answered wrongly and the other (*copier*)
answered: with h identical wrong answers and P_j the probability that the copier gives the source's answer to j,

    ω = (h − Σ P_j) / √(Σ P_j (1 − P_j)).

P_j is as in `wrong_answers`. Its normal approximation is too generous in the far tail, where millions of pairs are
tried: the significance is therefore the exact tail of the compound binomial with the same P_j, as in the
generalized binomial test of van der Linden & Sotaridona (2006), "Detecting answer copying when the regular
response process follows a known response model", Journal of Educational and Behavioral Statistics 31(3), 283–304;
theirs is for a match on whatever answer, this one, as ω, for a match on the answer that the source gave.
Either student may be the source, so N students are N(N − 1) comparisons, and p is multiplied by that (Bonferroni).
Only agreement is found; who copied from whom, and whether anybody did, the answers do not tell.

Cost: two products of N×C matrices (C wrong responses), O(N² C) in blocks; memory O(N (C + block)). Doubling N
takes four times as long. Pairs below `SCREEN` are not worked out: the exact test could not find them significant.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.reports.figures import Floats, Ints, quotient
from analysis.reports.tails import ROWS, compound_tail
from analysis.reports.wrong_answers import Codes, WrongAnswers, probabilities

BLOCK = 256
SCREEN = 4.0
"""(h − E) / √E from which a pair is worked out: less than any ω that is significant among many pairs."""

FEWEST = 5
"""Identical wrong answers without which nothing is said of a pair."""

LEAST = 3.9
"""h − E is at least so much in every pair that `SCREEN` and `FEWEST` let pass: 4 √E meets 5 − E at E = 1."""

MOST_PAIRS = 50_000
"""Pairs that are worked out at most, those of the highest (h − E) / √E."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Compared pairs, one directed comparison each. `tried` comparisons were made in all."""

    copier: Ints
    source: Ints
    matches: Ints
    expected: Floats
    omega: Floats
    p: Floats
    tried: int

    @property
    def corrected(self) -> Floats:
        return np.minimum(1.0, self.p * max(self.tried, 1))


def agreement(answers: WrongAnswers, block: int = BLOCK) -> Agreement:
    """Compare every student's wrong answers with every other's."""
    likely = probabilities(answers)
    copier, source = _screened(answers, likely, block)
    matches, expected = np.zeros(copier.size, np.int64), np.zeros(copier.size)
    standardised, p = np.zeros(copier.size), np.zeros(copier.size)
    for start in range(0, copier.size, ROWS):
        some = slice(start, start + ROWS)
        found = _compared(answers, likely, copier[some], source[some])
        matches[some], expected[some], standardised[some], p[some] = found
    students = len(answers.attempts)
    return Agreement(copier, source, matches, expected, standardised, p, students * (students - 1))


def omega(matches: Ints, likely: Floats) -> Floats:
    """Return ω; `likely`: pairs × questions, P_j, 0 where the question does not count. NaN without variance."""
    variance = (likely * (1 - likely)).sum(axis=1)
    return quotient(matches - likely.sum(axis=1), np.sqrt(variance))


def _screened(answers: WrongAnswers, likely: NDArray[np.float32], block: int) -> tuple[Ints, Ints]:
    """Find the pairs (copier, source) worth working out, by two matrix products."""
    said = _one_hot(answers)
    found: list[tuple[Ints, Ints, NDArray[np.float32]]] = []
    for start in range(0, len(answers.attempts), block):
        rows = slice(start, start + block)
        matches, expected = said[rows] @ said.T, likely[rows] @ said.T
        matches[np.arange(matches.shape[0]), np.arange(start, start + matches.shape[0])] = 0
        copier, source = np.nonzero(matches - expected >= LEAST)
        matched, likely_by_chance = matches[copier, source], expected[copier, source]
        excess = (matched - likely_by_chance) / np.sqrt(np.maximum(likely_by_chance, 1e-6))
        kept = (excess >= SCREEN) & (matched >= FEWEST)
        found.append((copier[kept] + start, source[kept], excess[kept]))
    if not found:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    copier, source, excess = (np.concatenate(part) for part in zip(*found, strict=True))
    best = np.argsort(-excess, kind="stable")[:MOST_PAIRS]
    return copier[best], source[best]


def _one_hot(answers: WrongAnswers) -> NDArray[np.float32]:
    said = np.zeros((len(answers.attempts), answers.question.size), np.float32)
    row, place = np.nonzero(answers.given >= 0)
    said[row, answers.given[row, place]] = 1
    return said


def _compared(
    answers: WrongAnswers, likely: NDArray[np.float32], copier: Ints, source: Ints
) -> tuple[Ints, Floats, Floats, Floats]:
    """Work out some pairs exactly."""
    given: Codes = answers.given[source]
    chances = likely[copier[:, None], np.maximum(given, 0)].astype(np.float64) * (given >= 0)
    matches = ((answers.given[copier] == given) & (given >= 0)).sum(axis=1)
    return matches, chances.sum(axis=1), omega(matches, chances), compound_tail(chances, matches)
