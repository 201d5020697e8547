"""The report on calibration: what the Rasch model and the two-parameter logistic model say of each question.

P(right) = 1 ÷ (1 + exp(−discrimination · (ability − difficulty))). Under the Rasch model discrimination is 1 and
the cohort's abilities spread by `abilityDeviation`, in logits; under 2PL they spread by 1. Their mean is 0.
Right is what earned full marks; anything less, omissions included, is not. Not calibrated: questions that were
dropped or are not yet graded, and those that all or none got right.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from analysis.contract import Section
from analysis.frames import Cohort
from analysis.reports.estimation import Estimate, estimate
from analysis.reports.figures import Floats, Ints, figure, figures
from analysis.reports.item_fit import infit_and_outfit
from analysis.reports.latent_trait import Answers, Parameters, expect
from analysis.reports.precision import Covariance, covariance, difficulty_errors
from analysis.reports.scores import Scores, each_test

ABOUT = ("test", "question", "number", "subject")
LEAST = {"RASCH": 2, "TWO_PARAMETER": 3}
"""Questions below which a model cannot be told from chance."""

FULL = "from all students' answers together"
SINGLE = "question by question, as if abilities were known: somewhat too small"


def calibration(cohort: Cohort) -> Section:
    """Return one table a test: `models`, each with `converged` and its `questions`; those left out are null."""
    return {"tests": [_test(scores) for scores in each_test(cohort)]}


def _test(scores: Scores) -> dict[str, Any]:
    took = np.flatnonzero(scores.usable.any(axis=1))
    places = _calibrated(scores)
    seen = scores.usable[np.ix_(took, places)]
    answers = Answers((scores.right[np.ix_(took, places)] & seen).astype(np.float64), seen)
    return {
        "test": scores.test,
        "students": int(took.size),
        "models": [_model(scores, answers, places, model) for model in LEAST],
    }


def _calibrated(scores: Scores) -> Ints:
    """Return the places of the questions that some got right and others did not."""
    students = scores.usable.sum(axis=0)
    right = (scores.usable & scores.right).sum(axis=0)
    return np.flatnonzero((right > 0) & (right < students))


def _model(scores: Scores, answers: Answers, places: Ints, model: str) -> dict[str, Any]:
    questions = list(scores.questions.select(ABOUT).iter_rows(named=True))
    if places.size < LEAST[model] or not _tells_students_apart(answers):
        return _head(model, None, "Too few questions tell students apart for this model.") | {
            "questions": [_row(each, {}, 0) for each in questions]
        }
    found = estimate(answers, shared_slope=model == "RASCH")
    columns, full = _columns(answers, found.parameters, model)
    where = {int(place): index for index, place in enumerate(places)}
    rows = [
        _row(each, columns if place in where else {}, where.get(place, 0)) for place, each in enumerate(questions)
    ]
    reason = None if found.converged else f"No stable estimates after {found.rounds} rounds: read with care."
    return _head(model, found, reason) | {"standardErrors": FULL if full else SINGLE, "questions": rows}


def _tells_students_apart(answers: Answers) -> bool:
    right = answers.right.sum(axis=1)
    return right.size > 1 and bool(right.min() < right.max())


def _head(model: str, found: Estimate | None, reason: str | None) -> dict[str, Any]:
    return {
        "model": model,
        "converged": found is not None and found.converged,
        "reason": reason,
        "rounds": found.rounds if found else 0,
        "logLikelihood": figure(found.log_likelihood) if found else None,
        "abilityDeviation": _deviation(model, found),
        "standardErrors": None,
    }


def _deviation(model: str, found: Estimate | None) -> float | None:
    if found is None:
        return None
    return figure(found.parameters.slopes[0]) if model == "RASCH" else 1.0


def _columns(answers: Answers, parameters: Parameters, model: str) -> tuple[dict[str, list[float | None]], bool]:
    expected = expect(answers, parameters)
    spread = covariance(answers, parameters, expected, shared_slope=model == "RASCH")
    infit, outfit = infit_and_outfit(parameters, expected)
    estimates = _rasch(parameters, spread) if model == "RASCH" else _two_parameter(parameters, spread)
    columns = estimates | {"infit": infit, "outfit": outfit}
    return {name: figures(values) for name, values in columns.items()}, spread.full


def _rasch(parameters: Parameters, spread: Covariance) -> dict[str, Floats]:
    return {
        "difficulty": -parameters.intercepts,
        "difficultyError": np.sqrt(spread.intercept),
        "discrimination": np.ones(parameters.slopes.size),
        "discriminationError": np.full(parameters.slopes.size, np.nan),
    }


def _two_parameter(parameters: Parameters, spread: Covariance) -> dict[str, Floats]:
    return {
        "difficulty": parameters.difficulties(),
        "difficultyError": difficulty_errors(parameters, spread),
        "discrimination": parameters.slopes,
        "discriminationError": np.sqrt(spread.slope),
    }


def _row(question: dict[str, Any], columns: dict[str, list[float | None]], index: int) -> dict[str, Any]:
    names = ("difficulty", "difficultyError", "discrimination", "discriminationError", "infit", "outfit")
    return question | {name: columns[name][index] if columns else None for name in names}
