from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tp.domain.marking import Rounding
from tp.domain.numeric import parse_decimal, rounded

MODES = {Rounding.HALF_UP: ROUND_HALF_UP, Rounding.TRUNCATE: ROUND_DOWN}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3", Fraction(3)),
        ("-3.25", Fraction(-13, 4)),
        ("\u22123.25", Fraction(-13, 4)),
        ("+.5", Fraction(1, 2)),
        ("5.", Fraction(5)),
        (" 0.1 ", Fraction(1, 10)),
        ("1e3", Fraction(1000)),
        ("1.5E-3", Fraction(3, 2000)),
        ("1e\u22122", Fraction(1, 100)),
        ("1e30", Fraction(10**30)),
        ("1e-30", Fraction(1, 10**30)),
        ("007", Fraction(7)),
        ("9" * 40, Fraction(10**40 - 1)),
    ],
)
def test_a_decimal_is_read_exactly(text: str, value: Fraction) -> None:
    assert parse_decimal(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "e5",
        ".e5",
        "1,5",
        "1|5",
        "٣",
        "३",
        "NaN",
        "Infinity",
        "-inf",
        "0x10",
        "1_000",
        "1/3",
        "--1",
        "1e",
        "1e400",
        "1e31",
        "1e-31",
        "10^400",
        "1e1.5",
        "½",
        "①",
        "1\n2",
        "",
        " ",
        ".",
        "-",
        "9" * 41,
        "1e" + "9" * 38,
        "1 5",
    ],
)
def test_anything_else_is_refused_with_a_message(text: str) -> None:
    with pytest.raises(ValueError, match=r"[a-z]{4}"):
        parse_decimal(text)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=6))
def test_reading_agrees_with_decimal(number: Decimal) -> None:
    assert parse_decimal(f"{number:f}") == Fraction(number)
    assert parse_decimal(f"{number:e}") == Fraction(number)


@given(
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**6), max_value=10**6, places=5),
    st.sampled_from(sorted(MODES)),
    st.integers(0, 4),
)
def test_rounding_agrees_with_decimal(number: Decimal, rounding: Rounding, places: int) -> None:
    expected = number.quantize(Decimal(1).scaleb(-places), MODES[rounding])
    assert rounded(Fraction(number), rounding, places) == Fraction(expected)


def test_halves_go_away_from_zero() -> None:
    assert rounded(Fraction(5, 2), Rounding.HALF_UP, 0) == 3
    assert rounded(Fraction(-5, 2), Rounding.HALF_UP, 0) == -3
    assert rounded(Fraction(-29, 10), Rounding.TRUNCATE, 0) == -2


def test_without_rounding_a_number_stays_as_it_is() -> None:
    assert rounded(Fraction(1, 3), Rounding.NONE, 0) == Fraction(1, 3)
