from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsat import LSAT6
from scipy import stats

from analysis.reports.item_statistics import (
    facility,
    item_rest_correlation,
    point_biserial,
    upper_and_lower,
    upper_lower_index,
)
from analysis.reports.reliability import alpha

ONES = np.ones(5)


def everything(marks: np.ndarray) -> np.ndarray:
    return np.ones(marks.shape, np.bool_)


def test_the_law_school_test_has_its_published_item_statistics() -> None:
    """Rizopoulos (2006), "ltm: An R package for latent variable modeling and item response theory analyses",
    Journal of Statistical Software 17(5): `descript(LSAT)`."""
    usable, total = everything(LSAT6), LSAT6.sum(axis=1)
    assert facility(LSAT6, usable, ONES) == pytest.approx([0.924, 0.709, 0.553, 0.763, 0.870])
    excluded = [0.1128, 0.1531, 0.1727, 0.1444, 0.1215]
    assert item_rest_correlation(LSAT6, usable, total) == pytest.approx(excluded, abs=5e-4)
    assert alpha(LSAT6) == pytest.approx(0.2950, abs=5e-5)


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
