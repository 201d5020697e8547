from __future__ import annotations

import json

import numpy as np
import pytest
from cohorts import Plan, planted
from lsat import LSAT6
from scipy import integrate, special, stats
from sittings import sitting

from analysis.frames import Cohort
from analysis.reports.calibration import calibration
from analysis.reports.estimation import Estimate, estimate
from analysis.reports.item_fit import infit_and_outfit
from analysis.reports.latent_trait import Answers, expect
from analysis.reports.precision import covariance, difficulty_errors


def answers(right: np.ndarray, seen: np.ndarray | None = None) -> Answers:
    return Answers(right, np.ones(right.shape, np.bool_) if seen is None else seen)


def simulated(
    seed: int, students: int, *, spread: float = 1.0, slopes: float | np.ndarray = 1.0, questions: int = 30
) -> tuple[np.ndarray, np.ndarray]:
    """Return answers to questions of known difficulties, and those."""
    rng = np.random.default_rng(seed)
    abilities, difficulties = rng.normal(0, spread, (students, 1)), rng.normal(0, 1, questions)
    chance = 1 / (1 + np.exp(-slopes * (abilities - difficulties)))
    return (rng.random(chance.shape) < chance).astype(np.float64), difficulties


def errors(data: Answers, found: Estimate, *, rasch: bool) -> np.ndarray:
    spread = covariance(data, found.parameters, expect(data, found.parameters), shared_slope=rasch)
    return np.sqrt(spread.intercept) if rasch else difficulty_errors(found.parameters, spread)


def of_model(section: dict, model: str) -> list[dict]:
    return [row for row in section["questions"] if row["model"] == model]


def test_the_law_school_test_has_its_published_rasch_estimates() -> None:
    """Rizopoulos (2006), "ltm: An R package for latent variable modeling and item response theory analyses",
    Journal of Statistical Software 17(5): `rasch(LSAT)`; mirt prints the same likelihood and 0.755."""
    data = answers(LSAT6)
    found = estimate(data, shared_slope=True)
    assert found.converged
    assert found.log_likelihood == pytest.approx(-2466.938, abs=1e-3)
    published = [-3.6153, -1.3224, -0.3176, -1.7301, -2.7802]
    assert found.parameters.difficulties() == pytest.approx(published, abs=1e-3)
    assert found.parameters.slopes == pytest.approx([0.7551] * 5, abs=1e-3)
    spread = covariance(data, found.parameters, expect(data, found.parameters), shared_slope=True)
    published_errors = [0.3266, 0.1422, 0.0977, 0.1691, 0.2510]
    assert difficulty_errors(found.parameters, spread) == pytest.approx(published_errors, rel=0.05)
    assert np.sqrt(spread.slope[0]) == pytest.approx(0.0694, rel=0.05)


def test_the_law_school_test_has_its_published_two_parameter_estimates() -> None:
    """The same, `ltm(LSAT ~ z1)`: estimates by another optimiser, standard errors from its Hessian."""
    data = answers(LSAT6)
    found = estimate(data, shared_slope=False)
    assert found.converged
    assert found.log_likelihood == pytest.approx(-2466.653, abs=1e-3)
    assert found.parameters.slopes == pytest.approx([0.8254, 0.7229, 0.8905, 0.6886, 0.6575], abs=2e-3)
    published = [-3.3597, -1.3696, -0.2799, -1.8659, -3.1236]
    assert found.parameters.difficulties() == pytest.approx(published, abs=5e-3)
    published_errors = [0.8669, 0.3073, 0.0997, 0.4341, 0.8700]
    assert errors(data, found, rasch=False) == pytest.approx(published_errors, rel=0.05)


def test_the_likelihood_is_the_integral_that_scipy_computes() -> None:
    found = estimate(answers(LSAT6), shared_slope=False)
    slopes, intercepts = found.parameters.slopes, found.parameters.intercepts

    def chance(ability: float, right: np.ndarray) -> float:
        signs = np.where(right > 0, 1.0, -1.0)
        return float(np.prod(special.expit(signs * (slopes * ability + intercepts))) * stats.norm.pdf(ability))

    patterns, counts = np.unique(LSAT6, axis=0, return_counts=True)
    integrals = [integrate.quad(chance, -8, 8, args=(pattern,))[0] for pattern in patterns]
    assert found.log_likelihood == pytest.approx(float(counts @ np.log(integrals)), abs=1e-4)


@pytest.mark.parametrize("seed", [1, 2])
def test_rasch_difficulties_come_back_within_their_stated_errors(seed: int) -> None:
    right, difficulties = simulated(seed, 2_000, spread=1.3)
    data = answers(right)
    found = estimate(data, shared_slope=True)
    off = (-found.parameters.intercepts - difficulties) / errors(data, found, rasch=True)
    assert np.abs(off).max() < 4
    assert np.sqrt(np.mean(off**2)) < 1.8
    assert found.parameters.slopes[0] == pytest.approx(1.3, abs=0.1)


@pytest.mark.parametrize("seed", [1, 2])
def test_two_parameters_come_back_within_their_stated_errors(seed: int) -> None:
    slopes = np.random.default_rng(seed + 100).lognormal(0, 0.3, 30)
    right, difficulties = simulated(seed, 2_000, slopes=slopes)
    data = answers(right)
    found = estimate(data, shared_slope=False)
    spread = covariance(data, found.parameters, expect(data, found.parameters), shared_slope=False)
    assert spread.full
    assert np.abs((found.parameters.slopes - slopes) / np.sqrt(spread.slope)).max() < 4
    off = (found.parameters.difficulties() - difficulties) / difficulty_errors(found.parameters, spread)
    assert np.abs(off).max() < 4


def test_stated_errors_are_the_spread_of_estimates_over_many_cohorts() -> None:
    estimates, stated = [], []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        chance = 1 / (1 + np.exp(np.linspace(-1, 1, 6) - rng.normal(0, 1, (400, 1))))
        data = answers((rng.random(chance.shape) < chance).astype(np.float64))
        found = estimate(data, shared_slope=True)
        estimates.append(-found.parameters.intercepts)
        stated.append(errors(data, found, rasch=True))
    ratio = np.std(estimates, axis=0).mean() / np.mean(stated)
    assert 0.85 < ratio < 1.15


def test_questions_that_some_did_not_have_are_calibrated_on_the_others() -> None:
    right, difficulties = simulated(5, 3_000, questions=20)
    seen = np.ones(right.shape, np.bool_)
    seen[:1_500, :5] = seen[1_500:, 15:] = False
    data = answers(np.where(seen, right, 0.0), seen)
    found = estimate(data, shared_slope=True)
    assert found.converged
    assert np.abs((-found.parameters.intercepts - difficulties) / errors(data, found, rasch=True)).max() < 4


def test_a_question_answered_at_random_does_not_fit_the_rasch_model() -> None:
    right, _ = simulated(3, 1_000)
    right[:, 0] = np.random.default_rng(0).random(1_000) < 0.5
    found = estimate(answers(right), shared_slope=True)
    infit, outfit = infit_and_outfit(found.parameters, expect(answers(right), found.parameters))
    assert infit[0] > 1.3
    assert outfit[0] > 1.3
    assert ((infit[1:] > 0.85) & (infit[1:] < 1.15)).all()


def test_what_does_not_settle_is_said_not_to() -> None:
    right = (np.arange(40)[:, None] >= np.array([10, 20, 30])).astype(np.float64)
    found = estimate(answers(right), shared_slope=False)
    assert not found.converged
    section = calibration(sitting(right.astype(int).tolist()))
    assert [model["converged"] for model in section["models"]] == [False, False]
    assert all(model["reason"] for model in section["models"])
    assert "NaN" not in json.dumps(section)


def test_a_wrong_key_does_not_discriminate() -> None:
    plant = planted(Plan(students=800, events=False))
    section = calibration(plant.cohort)
    assert all(model["converged"] for model in section["models"])
    rasch, two = (of_model(section, model) for model in ("RASCH", "TWO_PARAMETER"))
    worst = min(two, key=lambda row: row["discrimination"])
    assert worst["question"] == plant.wrong_key
    misfit = sorted(rasch, key=lambda row: -row["outfit"])[:2]
    assert {row["question"] for row in misfit} == {plant.wrong_key, plant.bad_distractor}


@pytest.mark.parametrize(
    "cohort",
    [
        Cohort.empty(),
        sitting([], subjects=["Physics"]),
        sitting([["1", "0"]]),
        sitting([["1", "1"]] * 3),
        sitting([["0", "0"]] * 3),
        sitting([["1", "0"], ["0", "1"]] * 3),
        sitting([[None, "1"], [None, "0"]]),
        sitting([["1", "1"], ["1", "0"]], dropped=[0, 1]),
    ],
    ids=["nobody", "no attempts", "one student", "all right", "all omitted", "ties", "pending", "dropped"],
)
def test_where_nothing_can_be_told_apart_there_are_no_estimates(cohort: Cohort) -> None:
    section = calibration(cohort)
    assert not any(model["converged"] for model in section["models"])
    assert all(row["difficulty"] is None and row["infit"] is None for row in section["questions"])


def test_a_question_that_all_got_right_is_left_out_and_the_others_are_calibrated() -> None:
    rng = np.random.default_rng(4)
    right = (rng.random((60, 5)) < 1 / (1 + np.exp(-rng.normal(0, 1.5, (60, 1))))).astype(int)
    right[:, 2] = 1
    section = calibration(sitting(right.tolist()))
    missing = [row["difficulty"] is None for row in of_model(section, "RASCH")]
    assert missing == [False, False, True, False, False]
    assert section["models"][0]["standardErrors"].startswith("from all students' answers")
