from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsat import LSAT6
from scipy import stats

from analysis.reports.item_statistics import (
    Groups,
    facility,
    item_rest_correlation,
    point_biserial,
    upper_and_lower,
    upper_lower_index,
)
from analysis.reports.reliability import alpha, measurement_error

ONES = np.ones(5)


def everything(marks: np.ndarray) -> np.ndarray:
    return np.ones(marks.shape, np.bool_)


def test_the_law_school_test_has_its_published_item_statistics() -> None:
    """The R package mirt, reference page of `LSAT6`: `itemstats(dat)`, printed to three decimals."""
    usable, total = everything(LSAT6), LSAT6.sum(axis=1)
    assert (total.mean(), total.std(ddof=1)) == pytest.approx((3.819, 1.035), abs=5e-4)
    assert facility(LSAT6, usable, ONES) == pytest.approx([0.924, 0.709, 0.553, 0.763, 0.870])
    if_removed = [0.113, 0.153, 0.173, 0.144, 0.122]
    assert item_rest_correlation(LSAT6, usable, total) == pytest.approx(if_removed, abs=5e-4)
    assert alpha(LSAT6) == pytest.approx(0.295, abs=5e-4)
    assert measurement_error(total.std(ddof=1), alpha(LSAT6)) == pytest.approx(0.869, abs=5e-4)
    without = [alpha(np.delete(LSAT6, place, axis=1)) for place in range(5)]
    assert without == pytest.approx([0.275, 0.238, 0.217, 0.246, 0.266], abs=5e-4)


def test_a_choice_correlates_as_in_brown_s_example() -> None:
    """Brown (2001), "Point-biserial correlation coefficients", Shiken: JALT Testing & Evaluation SIG Newsletter
    5(3), 12–16, table 2. What everybody chose has no correlation; he prints .00."""
    total = np.array([50, 45, 45, 40, 35, 30, 30, 25.0])
    chosen = np.array([[1] * 4 + [0] * 4, [0] * 4 + [1] * 4, [1] * 8]).T
    found = point_biserial(
        chosen.sum(axis=0), total @ chosen, np.full(3, 8.0), np.full(3, total.mean()), np.full(3, total.var())
    )
    assert total.std() == pytest.approx(8.29, abs=5e-3)
    assert found[:2] == pytest.approx([0.91, -0.91], abs=6e-3)
    assert np.isnan(found[2])


def test_the_index_of_upper_and_lower_groups_is_that_of_a_published_worksheet() -> None:
    """ "Item Analysis Worksheet", a handout of courses for teachers: the upper five and the lower five of a class,
    ten questions, with difficulty and discrimination worked out."""
    upper = ["1111111111", "1111111101", "1101111100", "0111110101", "1110111001"]
    lower = ["1110110100", "0110110101", "0111001010", "1110100001", "0100010010"]
    right = np.array([[int(mark) for mark in line] for line in upper + lower], dtype=np.float64)
    best = np.repeat([1.0, 0.0], 5)
    usable, maxima = everything(right), np.ones(10)
    found = upper_lower_index(right, usable, maxima, Groups(best, 1 - best))
    assert found == pytest.approx([0.4, 0, 0, 0.6, 0.4, 0.4, 0.6, 0.4, -0.2, 0.4])
    assert facility(right, usable, maxima) == pytest.approx([0.6, 1, 0.8, 0.5, 0.8, 0.8, 0.5, 0.6, 0.3, 0.6])


@given(st.integers(0, 2**32 - 1))
def test_discrimination_is_the_correlation_with_the_rest_that_scipy_computes(seed: int) -> None:
    rng = np.random.default_rng(seed)
    marks = rng.choice([-1.0, 0.0, 4.0], (30, 4))
    usable = rng.random((30, 4)) < 0.8
    found = item_rest_correlation(marks, usable, marks.sum(axis=1))
    for place in range(4):
        own = marks[usable[:, place], place]
        rest = marks[usable[:, place]].sum(axis=1) - own
        assert found[place] == pytest.approx(stats.pearsonr(own, rest).statistic)


@given(st.integers(0, 2**32 - 1))
def test_a_choice_correlates_as_scipy_computes(seed: int) -> None:
    rng = np.random.default_rng(seed)
    score, chosen = rng.normal(50, 10, 40), np.arange(40) < 12
    found = point_biserial(
        np.array([12.0]),
        np.array([score[chosen].sum()]),
        np.array([40.0]),
        np.array([score.mean()]),
        np.array([score.var()]),
    )
    assert found[0] == pytest.approx(stats.pointbiserialr(chosen, score).statistic)


def test_the_index_is_the_share_of_the_best_less_the_share_of_the_weakest() -> None:
    score = np.arange(100.0)
    groups = upper_and_lower(score)
    right = np.zeros((100, 1))
    right[-18:], right[:3] = 1, 1
    index = upper_lower_index(right, everything(right), np.ones(1), groups)
    assert (groups.upper.sum(), groups.lower.sum()) == (27, 27)
    assert index[0] == pytest.approx((18 - 3) / 27)


def test_a_tie_at_the_border_is_shared_and_not_drawn() -> None:
    groups = upper_and_lower(np.array([0, 0, 0, 1, 1, 1, 1, 1, 1, 2.0]))
    assert groups.upper.sum() == pytest.approx(3)
    assert groups.upper.tolist() == pytest.approx([0] * 3 + [2 / 6] * 6 + [1])
    assert groups.lower.tolist() == [1] * 3 + [0] * 7


@pytest.mark.parametrize("marks", [[[1.0, 1.0]], [[1.0, 1.0]] * 4, [[1 / 3, 2 / 3]] * 7, np.zeros((0, 2))])
def test_without_variance_nothing_discriminates(marks: list[list[float]]) -> None:
    array = np.array(marks)
    total = array.sum(axis=1)
    assert np.isnan(item_rest_correlation(array, everything(array), total)).all()
    groups = upper_and_lower(total)
    assert np.isnan(upper_lower_index(array, everything(array), np.ones(2), groups)).all()
