from __future__ import annotations

import json
import statistics
from itertools import pairwise

import numpy as np
import pytest
from cohorts import planted
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from sittings import sitting

from analysis.frames import Cohort
from analysis.reports.distribution import histogram, round_step, spread
from analysis.reports.reliability import alpha, measurement_error
from analysis.reports.score_summary import score_summary

# Wuensch, K. L., "The Kuder-Richardson 20" (East Carolina University, StatHelp, KR20.txt): ten students, ten
# questions; the pq add up to 2.18, the variance of the totals is 5.84, so that KR-20 = 10/9 × (1 − 2.18/5.84).
WUENSCH = np.array(
    [
        [int(mark) for mark in line]
        for line in (
            "1111110110",
            "1011011101",
            "1111011001",
            "0010001000",
            "0000010010",
            "1110111111",
            "1101110111",
            "1111111101",
            "0101111101",
            "1101101110",
        )
    ],
    dtype=np.float64,
)


def test_alpha_of_right_and_wrong_is_the_published_kr20() -> None:
    assert WUENSCH.sum(axis=1).tolist() == [8, 7, 7, 2, 2, 9, 8, 9, 7, 7]
    share = WUENSCH.mean(axis=0)
    assert (share * (1 - share)).sum() == pytest.approx(2.18)
    assert alpha(WUENSCH) == pytest.approx(10 / 9 * (1 - 2.18 / 5.84))


def test_alpha_of_parallel_questions_is_spearman_and_brown() -> None:
    marks = np.random.default_rng(1).multivariate_normal([0] * 4, 0.3 + 0.7 * np.eye(4), 200_000)
    assert alpha(marks) == pytest.approx(4 * 0.3 / (1 + 3 * 0.3), abs=0.005)


def test_without_reliability_the_error_is_the_deviation() -> None:
    assert measurement_error(5.0, 0.0) == 5.0
    assert measurement_error(10.0, 0.91) == pytest.approx(3.0)


@given(st.lists(st.integers(-20, 100), min_size=2, max_size=50))
def test_spread_is_what_scipy_and_numpy_compute(values: list[int]) -> None:
    array = np.array(values, dtype=np.float64)
    figures = spread(array)
    assert figures["deviation"] == pytest.approx(statistics.stdev(values), abs=1e-6)
    assert figures["lowerQuartile"] == pytest.approx(stats.mstats.mquantiles(array, 0.25, 1, 1)[0], abs=1e-6)
    if len(set(values)) > 1:
        assert figures["skewness"] == pytest.approx(stats.skew(array), abs=1e-5)
    else:
        assert figures["skewness"] is None


@given(st.lists(st.integers(-60, 300), min_size=1, max_size=60))
def test_every_score_falls_into_one_bin(values: list[int]) -> None:
    bins = histogram(np.array(values, dtype=np.float64), 300.0)
    assert sum(each["students"] for each in bins) == len(values)
    assert bins[-1]["to"] >= 300
    assert all(each["to"] == after["from"] for each, after in pairwise(bins))


@pytest.mark.parametrize(("least", "step"), [(15, 20), (1, 1), (0.3, 0.5), (0, 1), (6, 10)])
def test_bins_have_a_round_width(least: float, step: float) -> None:
    assert round_step(least) == pytest.approx(step)


def test_a_test_is_summed_up_in_total_and_by_subject() -> None:
    marks = [["1", "0", "1"], ["1", "1", "0"], ["0", "0", "-1"], ["1", "1", "1"]]
    (test,) = score_summary(sitting(marks, subjects=["Physics", "Physics", "Chemistry"]))["tests"]
    assert (test["total"]["mean"], test["total"]["median"], test["total"]["possible"]) == (1.5, 2, 3)
    assert [(part["title"], part["mean"]) for part in test["subjects"]] == [("Physics", 1.25), ("Chemistry", 0.25)]


@pytest.mark.parametrize(
    "cohort",
    [
        Cohort.empty(),
        sitting([], subjects=["Physics"]),
        sitting([["1", "0"]]),
        sitting([["1", "1"]] * 3),
        sitting([["0", "0"]] * 3),
        sitting([["1/3", "1/3"]] * 3),
        sitting([[None, "1"], [None, "0"]]),
        sitting([["1", "1"], ["1", "0"]], dropped=[0, 1]),
    ],
    ids=["nobody", "no attempts", "one student", "all right", "all omitted", "ties", "pending", "dropped"],
)
def test_what_is_not_defined_is_null(cohort: Cohort) -> None:
    section = score_summary(cohort)
    assert "NaN" not in json.dumps(section)
    assert all(test["total"]["alpha"] is None for test in section["tests"])


def test_a_simulated_cohort_has_a_believable_reliability() -> None:
    (test,) = score_summary(planted().cohort)["tests"]
    assert 0.6 < test["total"]["alpha"] < 0.95
    assert test["total"]["measurementError"] < test["total"]["deviation"]
