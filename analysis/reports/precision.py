"""How precise estimated parameters of questions are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.reports.estimation import information
from analysis.reports.figures import Floats, quotient
from analysis.reports.latent_trait import NODES, Answers, Expected, Parameters, posterior

ENOUGH = 5
"""Students a parameter from which on their scores give its precision."""

SINGULAR = 1e-10
"""A matrix whose eigenvalues are further apart than this tells nothing of some parameter."""


@dataclass(frozen=True, slots=True)
class Covariance:
    """Of each question's estimates. `full`: whether the uncertainty of all other parameters is in it."""

    slope: Floats
    both: Floats
    intercept: Floats
    full: bool


def covariance(answers: Answers, parameters: Parameters, expected: Expected, *, shared_slope: bool) -> Covariance:
    """Return the covariance of slopes and intercepts.

    With enough students: the inverse of the sum of products of their score vectors (Meilijson 1989, "A fast
    improvement to the EM algorithm on its own terms", J. of the Royal Statistical Society B 51, 127–138). With
    fewer: from each question's information by itself, as if abilities were known (Wright & Stone 1979, ch. 2),
    which is somewhat too precise.
    """
    students, questions = answers.right.shape
    count = questions + 1 if shared_slope else 2 * questions
    if students >= ENOUGH * count:
        products = _products(answers, parameters, shared_slope)
        values, vectors = np.linalg.eigh(products)
        if values[0] > SINGULAR * values[-1]:
            return _parts((vectors / values) @ vectors.T, questions, shared_slope)
    squares, mixed, ones = information(parameters, expected.count)
    if shared_slope:
        unknown = np.full(questions, 1 / squares.sum() if squares.sum() > 0 else np.nan)
        return Covariance(unknown, np.zeros(questions), quotient(np.ones(questions), ones), False)
    determinant = squares * ones - mixed**2
    slope, both, intercept = (quotient(each, determinant) for each in (ones, -mixed, squares))
    return Covariance(slope, both, intercept, False)


def difficulty_errors(parameters: Parameters, covariance: Covariance) -> Floats:
    """Return standard errors of −intercept ÷ slope, by the delta method."""
    difficulties = parameters.difficulties()
    variance = covariance.intercept + difficulties**2 * covariance.slope + 2 * difficulties * covariance.both
    return np.sqrt(quotient(np.maximum(variance, 0.0), parameters.slopes**2))


def _products(answers: Answers, parameters: Parameters, shared_slope: bool) -> Floats:
    """Sum the products of each student's score vector: the slopes (or the one) first, then the intercepts."""
    chances = parameters.chances()
    total = 0.0
    for chunk in answers.chunks():
        spread, _ = posterior(chunk, parameters)
        ability = spread @ NODES
        slopes = chunk.right * ability[:, None] - chunk.seen * ((spread * NODES) @ chances.T)
        intercepts = chunk.right - chunk.seen * (spread @ chances.T)
        first = slopes.sum(axis=1, keepdims=True) if shared_slope else slopes
        scores = np.concatenate([first, intercepts], axis=1)
        total = total + scores.T @ scores
    return np.asarray(total)


def _parts(matrix: Floats, questions: int, shared_slope: bool) -> Covariance:
    variances = np.diag(matrix)
    if shared_slope:
        return Covariance(np.full(questions, variances[0]), matrix[0, 1:], variances[1:], True)
    both = np.diag(matrix[:questions, questions:])
    return Covariance(variances[:questions], both, variances[questions:], True)
