from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from institution import NOON

from tp.services.identity.throttle import Allowance, Throttle

THREE = Allowance(failures=3, seconds_each=10)
WHO = ("school", "asha")


def after(seconds: float):
    return NOON + timedelta(seconds=seconds)


def exhausted() -> Throttle:
    throttle = Throttle(THREE)
    for _ in range(3):
        assert throttle.wait(WHO, NOON) == 0
        throttle.take(WHO, NOON)
    return throttle


def test_after_its_allowance_a_name_waits_for_the_next_try():
    throttle = exhausted()
    assert throttle.wait(WHO, NOON) == pytest.approx(10)
    assert throttle.wait(WHO, after(4)) == pytest.approx(6)
    assert throttle.wait(WHO, after(10)) == 0
    throttle.take(WHO, after(10))
    assert throttle.wait(WHO, after(10)) == pytest.approx(10)


def test_others_are_not_concerned():
    assert exhausted().wait(("school", "ben"), NOON) == 0


def test_a_try_given_back_was_none():
    throttle = exhausted()
    throttle.give_back(WHO, NOON)
    assert throttle.wait(WHO, NOON) == 0
    throttle.give_back(WHO, NOON)
    throttle.give_back(WHO, NOON)
    throttle.give_back(WHO, NOON)
    assert len(throttle) == 0


def test_a_forgiven_name_has_all_its_allowance():
    throttle = exhausted()
    throttle.forget(WHO)
    throttle.forget(WHO)
    for _ in range(3):
        assert throttle.wait(WHO, NOON) == 0
        throttle.take(WHO, NOON)
    assert throttle.wait(WHO, NOON) > 0


def test_a_clock_that_steps_back_forgives_nothing():
    throttle = exhausted()
    assert throttle.wait(WHO, after(-100)) == pytest.approx(10)


def test_the_memory_is_bounded_and_the_longest_untouched_goes_first():
    throttle = Throttle(THREE, kept=10)
    for number in range(50):
        throttle.take((str(number),), NOON)
        for _ in range(3):
            throttle.take(WHO, NOON)
    assert len(throttle) == 10
    assert throttle.wait(WHO, NOON) > 0


@given(st.lists(st.floats(min_value=0, max_value=30), min_size=1, max_size=60))
def test_no_more_pass_than_the_allowance_and_one_for_each_interval(gaps: list[float]):
    throttle, now, passed = Throttle(THREE), 0.0, 0
    for gap in gaps:
        now += gap
        if throttle.wait(WHO, after(now)) == 0:
            throttle.take(WHO, after(now))
            passed += 1
    assert passed <= 3 + sum(gaps) / 10 + 1e-3
