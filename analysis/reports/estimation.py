"""Marginal maximum likelihood of the logistic model, by EM.

Bock & Aitkin (1981), "Marginal maximum likelihood estimation of item parameters: Application of an EM algorithm",
Psychometrika 46, 443–459; for the Rasch model, where all questions share one slope, Thissen (1982), Psychometrika
47, 175–186. Two steps of EM are extrapolated to a third (SQUAREM, scheme S3: Varadhan & Roland 2008, "Simple and
globally convergent methods for accelerating the convergence of any EM algorithm", Scand. J. of Statistics 35,
335–353).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analysis.reports.figures import Floats
from analysis.reports.latent_trait import NODES, Answers, Expected, Parameters, expect

TOLERANCE = 1e-4
ROUNDS = 200
NEWTON_STEPS = 3
LARGEST_STEP = 1.0
RIDGE = 1e-9

Maximise = Callable[[Parameters, Expected], Parameters]


@dataclass(frozen=True, slots=True)
class Estimate:
    """`converged`: whether the last round of EM moved no parameter by `TOLERANCE` within `ROUNDS`."""

    parameters: Parameters
    log_likelihood: float
    rounds: int
    converged: bool


def estimate(answers: Answers, *, shared_slope: bool) -> Estimate:
    """Fit the model to answers in which every question is right for some and wrong for others."""
    maximise = _shared if shared_slope else _each
    share = (answers.right.sum(axis=0) + 0.5) / (answers.seen.sum(axis=0) + 1.0)
    now = Parameters(np.ones(share.size), np.log(share / (1 - share)))
    best = expect(answers, now)
    for done in range(1, ROUNDS + 1):
        first = maximise(now, best)
        second = maximise(first, expect(answers, first))
        moved = max(_distance(now, first), _distance(first, second))
        ahead = _extrapolated(now, first, second)
        reached = expect(answers, ahead)
        if not reached.log_likelihood >= best.log_likelihood:
            ahead, reached = second, expect(answers, second)
        now, best = ahead, reached
        if moved < TOLERANCE:
            return Estimate(now, best.log_likelihood, done, True)
    return Estimate(now, best.log_likelihood, ROUNDS, False)


def information(parameters: Parameters, count: Floats) -> tuple[Floats, Floats, Floats]:
    """Return what each question tells of its own (slope², slope × intercept, intercept²), were abilities known."""
    chances = parameters.chances()
    weight = count * chances * (1 - chances)
    return weight @ NODES**2, weight @ NODES, weight.sum(axis=1)


def _each(parameters: Parameters, expected: Expected) -> Parameters:
    """Maximise every question by itself: Newton's method on two parameters."""
    for _ in range(NEWTON_STEPS):
        residual = expected.right - expected.count * parameters.chances()
        slope, intercept = residual @ NODES, residual.sum(axis=1)
        squares, products, ones = information(parameters, expected.count)
        determinant = squares * ones - products**2 + RIDGE
        parameters = _step(
            parameters,
            (ones * slope - products * intercept) / determinant,
            (squares * intercept - products * slope) / determinant,
        )
    return parameters


def _shared(parameters: Parameters, expected: Expected) -> Parameters:
    """Maximise the intercepts and the one slope together: Newton's method, the intercepts eliminated."""
    for _ in range(NEWTON_STEPS):
        residual = expected.right - expected.count * parameters.chances()
        intercept = residual.sum(axis=1)
        squares, products, ones = information(parameters, expected.count)
        ones = ones + RIDGE
        left = (residual @ NODES).sum() - (products * intercept / ones).sum()
        slope = left / (squares.sum() - (products**2 / ones).sum() + RIDGE)
        parameters = _step(parameters, np.full(intercept.size, slope), (intercept - products * slope) / ones)
    return parameters


def _step(parameters: Parameters, slopes: Floats, intercepts: Floats) -> Parameters:
    return Parameters(
        parameters.slopes + np.clip(slopes, -LARGEST_STEP, LARGEST_STEP),
        parameters.intercepts + np.clip(intercepts, -LARGEST_STEP, LARGEST_STEP),
    )


def _distance(one: Parameters, other: Parameters) -> float:
    apart = (one.slopes - other.slopes, one.intercepts - other.intercepts)
    return max(float(np.abs(each).max()) for each in apart)


def _extrapolated(start: Parameters, first: Parameters, second: Parameters) -> Parameters:
    zero, one, two = (np.stack([each.slopes, each.intercepts]) for each in (start, first, second))
    change = one - zero
    curve = two - one - change
    norm = float(np.linalg.norm(curve))
    length = -1.0 if norm == 0 else min(-1.0, -float(np.linalg.norm(change)) / norm)
    slopes, intercepts = zero - 2 * length * change + length**2 * curve
    return Parameters(slopes, intercepts)
