"""Planted pairs come out at the top, honest ones do not; the index is what its papers define."""

from __future__ import annotations

import itertools
import json
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy import stats

from analysis.frames import Cohort
from analysis.reports.copying import agreement, omega
from analysis.reports.integrity import integrity
from analysis.reports.sharing import CROWD, in_common, shared
from analysis.reports.tails import compound_tail
from analysis.reports.wrong_answers import probabilities, wrong_answers
from tests.unit.analysis.cohorts import Plan, planted

LONG = Plan(students=400, per_subject=30, copying_pairs=5)


def pairs_of(rows: list[dict[str, Any]]) -> set[frozenset[str]]:
    return {frozenset(row["attempts"]) for row in rows}


def test_five_planted_pairs_come_out_by_answers_and_by_pace_and_nobody_else() -> None:
    simulated = planted(LONG)
    report = integrity(simulated.cohort)
    wanted = {frozenset(pair) for pair in simulated.pairs}

    assert pairs_of(report["answersAlike"]) == wanted
    assert pairs_of(report["pacesAlike"]) == wanted
    assert report["tried"]["answers"]["pairs"] == 400 * 399 // 2
    json.dumps(report, allow_nan=False)


def test_a_student_is_not_a_pair_with_an_attempt_of_his_or_her_own() -> None:
    simulated = planted(LONG)
    [first, *others] = simulated.pairs
    student = pl.when(pl.col("attempt").is_in(first)).then(pl.lit("usr_same")).otherwise("student")
    cohort = simulated.cohort
    attempts = cohort.attempts.with_columns(student=student)
    report = integrity(Cohort(cohort.questions, attempts, cohort.responses, cohort.events))
    wanted = {frozenset(pair) for pair in others}
    assert (pairs_of(report["answersAlike"]), pairs_of(report["pacesAlike"])) == (wanted, wanted)


def test_honest_students_are_not_listed() -> None:
    for seed in range(3):
        report = integrity(planted(Plan(students=300, per_subject=30, copying_pairs=0, seed=seed)).cohort)
        assert (report["answersAlike"], report["pacesAlike"]) == ([], [])


def test_significance_is_honest_among_honest_students() -> None:
    """Of all comparisons, no more than a share of p are as improbable as p."""
    answers = wrong_answers(planted(Plan(students=1_000, per_subject=30, copying_pairs=0, events=False)).cohort)
    found = agreement(answers)
    for level in (1e-4, 1e-5):
        assert (found.p < level).sum() <= 3 * level * found.tried


def test_expected_wrong_answers_add_up_to_those_given() -> None:
    answers = wrong_answers(planted(Plan(events=False)).cohort)
    given = (answers.given >= 0).sum(axis=1)
    assert probabilities(answers).sum(axis=1) == pytest.approx(given, rel=0.1, abs=0.2)


def test_the_tail_is_that_of_every_outcome_counted() -> None:
    p = np.random.default_rng(4).random(9)
    for least in range(10):
        exact = sum(
            np.prod([q if hit else 1 - q for q, hit in zip(p, outcome, strict=True)])
            for outcome in itertools.product((0, 1), repeat=9)
            if sum(outcome) >= least
        )
        assert compound_tail(p[None, :], np.array([least]))[0] == pytest.approx(exact, rel=1e-12)


def test_the_distribution_is_that_of_a_published_example() -> None:
    """The R package classify, `wlord`: the recursion of Lord & Wingersky, as in Kolen & Brennan (2004)."""
    tails = compound_tail(np.tile([0.26, 0.27, 0.18], (4, 1)), np.arange(4))
    assert -np.diff(tails, append=0.0) == pytest.approx([0.442964, 0.416708, 0.127692, 0.012636], abs=1e-9)


def test_unlike_trials_have_the_tail_that_scipy_computes() -> None:
    p = np.random.default_rng(5).random(60) * 0.4
    for least in (1, 10, 20, 30):
        tail = compound_tail(p[None, :], np.array([least]))[0]
        assert tail == pytest.approx(stats.poisson_binom.sf(least - 1, p), rel=1e-9, abs=1e-15)


def test_like_trials_have_the_binomial_tail_far_out() -> None:
    tail = compound_tail(np.full((1, 90), 0.2), np.array([70]))
    assert tail[0] == pytest.approx(stats.binom.sf(69, 90, 0.2), rel=1e-9)
    assert compound_tail(np.zeros((0, 5)), np.empty(0, np.int64)).size == 0


def test_omega_is_a_standardised_excess() -> None:
    likely = np.array([[0.5, 0.2, 0.0, 0.1], [0.0, 0.0, 0.0, 0.0]])
    found = omega(np.array([3, 0]), likely)
    assert found[0] == pytest.approx((3 - 0.8) / np.sqrt(0.25 + 0.16 + 0.09))
    assert np.isnan(found[1])


def test_shared_addresses_are_named_and_a_crowd_is_not_listed() -> None:
    cohort = planted(Plan(events=False)).cohort
    homes = [["home"], ["home", "school"], *([["school"]] * (CROWD + 5)), *([[]] * (300 - CROWD - 7))]
    attempts = cohort.attempts.with_columns(addresses=pl.Series(homes, dtype=pl.List(pl.String)))
    home, school = shared(attempts, "addresses").to_dicts()

    assert (home["value"], home["students"], home["attempts"]) == ("home", 2, ["att_000000", "att_000001"])
    assert (school["crowd"], school["attempts"]) == (True, [])
    pairs = [("att_000000", "att_000001"), ("att_000000", "att_000002"), ("att_000000", "att_000299")]
    assert in_common(attempts, "addresses", pairs) == [True, False, None]


@pytest.mark.parametrize("students", [0, 1, 2])
def test_few_students_give_an_empty_report(students: int) -> None:
    whole = planted(Plan(students=20, copying_pairs=0)).cohort
    kept = whole.attempts["attempt"].to_list()[:students]
    few = [
        frame.filter(pl.col("attempt").is_in(kept)) for frame in (whole.attempts, whole.responses, whole.events)
    ]
    for cohort in (Cohort(whole.questions, *few), Cohort(whole.questions, *few[:2], Cohort.empty().events)):
        report = integrity(cohort)
        assert (report["answersAlike"], report["pacesAlike"]) == ([], [])
        json.dumps(report, allow_nan=False)
    assert integrity(Cohort.empty())["answersAlike"] == []


def test_a_cohort_that_answers_nothing_has_nobody_to_look_at() -> None:
    whole = planted(Plan(students=60, copying_pairs=0)).cohort
    silent = whole.responses.with_columns(
        outcome=pl.lit("UNANSWERED", whole.responses["outcome"].dtype), response=pl.lit(None, pl.String)
    )
    visits = whole.events.filter(pl.col("type") == "VISIT")
    report = integrity(Cohort(whole.questions, whole.attempts, silent, visits))
    assert (report["answersAlike"], report["pacesAlike"]) == ([], [])
