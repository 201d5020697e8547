"""The report on calibration: what the Rasch model and the two-parameter logistic model say of each question.

P(right) = 1 ÷ (1 + exp(−discrimination · (ability − difficulty))). Under the Rasch model discrimination is 1 and
the cohort's abilities spread by `abilityDeviation`, in logits; under 2PL they spread by 1. Their mean is 0.
Right is what earned full marks; anything less, omissions included, is not. Not calibrated: questions that were
dropped or are not yet graded, and those that all or none got right.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from analysis.contract import CalibrationModel, Section
from analysis.frames import Cohort
from analysis.reports.estimation import Estimate, estimate
from analysis.reports.figures import Floats, Ints, figure, figures
from analysis.reports.item_fit import infit_and_outfit
from analysis.reports.latent_trait import Answers, expect
from analysis.reports.precision import Covariance, covariance, difficulty_errors
from analysis.reports.scores import Scores, each_test

LEAST = {CalibrationModel.RASCH: 2, CalibrationModel.TWO_PARAMETER: 3}
"""Questions below which a model cannot be told from chance."""

FULL = "from all students' answers together"
SINGLE = "question by question, as if abilities were known: somewhat too small"
TOO_FEW = "Too few questions tell students apart for this model."

ABOUT = ("test", "question", "number", "subject")
FIGURES = ("difficulty", "difficultyError", "discrimination", "discriminationError", "infit", "outfit")

Row = dict[str, Any]
Columns = dict[str, list[float | None]]


def calibration(cohort: Cohort) -> Section:
    """Return `models`, one row a test and model, and `questions`, one row a question of each."""
    done = [
        _model(scores, answers, places, model)
        for scores in each_test(cohort)
        for answers, places in [answers_of(scores)]
        for model in LEAST
    ]
    return {"models": [model for model, _ in done], "questions": [row for _, rows in done for row in rows]}


def answers_of(scores: Scores) -> tuple[Answers, Ints]:
    """Return what a model is fitted to, and the places in the paper of its questions: those that some got right
    and others did not."""
    count = scores.usable.sum(axis=0)
    right = (scores.usable & scores.right).sum(axis=0)
    places = np.flatnonzero((right > 0) & (right < count))
    took = np.flatnonzero(scores.usable[:, places].any(axis=1))
    seen = scores.usable[np.ix_(took, places)]
    return Answers((scores.right[np.ix_(took, places)] & seen).astype(np.float64), seen), places


def _model(scores: Scores, answers: Answers, places: Ints, model: CalibrationModel) -> tuple[Row, list[Row]]:
    head = {"test": scores.test, "model": model, "students": len(answers.right), "questions": int(places.size)}
    if places.size < LEAST[model] or not _tells_students_apart(answers):
        return head | _told(None, TOO_FEW), _rows(scores, model, places, {})
    found = estimate(answers, shared_slope=model is CalibrationModel.RASCH)
    columns, spread = _columns(answers, found, model)
    reason = None if found.converged else f"No stable estimates after {found.rounds} rounds: read with care."
    told = _told(found, reason) | {
        "abilityDeviation": figure(found.parameters.slopes[0]) if model is CalibrationModel.RASCH else 1.0,
        "standardErrors": FULL if spread.full else SINGLE,
    }
    return head | told, _rows(scores, model, places, columns)


def _tells_students_apart(answers: Answers) -> bool:
    right = answers.right.sum(axis=1)
    return right.size > 1 and bool(right.min() < right.max())


def _told(found: Estimate | None, reason: str | None) -> Row:
    return {
        "converged": found is not None and found.converged,
        "reason": reason,
        "rounds": found.rounds if found else 0,
        "logLikelihood": figure(found.log_likelihood) if found else None,
        "abilityDeviation": None,
        "standardErrors": None,
    }


def _columns(answers: Answers, found: Estimate, model: CalibrationModel) -> tuple[Columns, Covariance]:
    parameters = found.parameters
    expected = expect(answers, parameters)
    spread = covariance(answers, parameters, expected, shared_slope=model is CalibrationModel.RASCH)
    fit = infit_and_outfit(parameters, expected)
    if model is CalibrationModel.RASCH:
        fixed = np.ones(parameters.slopes.size)
        estimates: tuple[Floats, ...] = (-parameters.intercepts, np.sqrt(spread.intercept), fixed, fixed * np.nan)
    else:
        errors = difficulty_errors(parameters, spread)
        estimates = (parameters.difficulties(), errors, parameters.slopes, np.sqrt(spread.slope))
    return {name: figures(each) for name, each in zip(FIGURES, (*estimates, *fit), strict=True)}, spread


def _rows(
    scores: Scores, model: CalibrationModel, places: Ints, columns: Mapping[str, list[float | None]]
) -> list[Row]:
    """Return a row for every question; those not calibrated without figures."""
    where = {int(place): index for index, place in enumerate(places)} if columns else {}
    return [
        question
        | {"model": model}
        | {name: columns[name][where[place]] if place in where else None for name in FIGURES}
        for place, question in enumerate(scores.questions.select(ABOUT).iter_rows(named=True))
    ]
