from __future__ import annotations

import re
from fractions import Fraction

import pytest
from domain_values import ESSAY, KEYS, MATRIX, MULTIPLE, NUMERIC, ORDER, RULE, SINGLE, TEXT, chosen, typed
from growth import LINEAR, growth
from hypothesis import given
from hypothesis import strategies as st

from tp.domain.marking import Partial, Rounding, Rule
from tp.domain.matching import matches_pattern, share
from tp.domain.question import ChoiceKey, NumericAnswer, NumericKey, TextAnswer, TextKey
from tp.domain.response import Response

WEIGHTED = Rule(correct=Fraction(1), partial=Partial.WEIGHTED)


def text_share(key: str, said: str, *, case_sensitive: bool = False) -> Fraction:
    return share(TEXT, TextKey(answers=(TextAnswer(text=key),), case_sensitive=case_sensitive), RULE, typed(said))


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("Paris", "  paris "),
        ("New Delhi", "new \t  delhi"),
        ("straße", "STRASSE"),
        ("ﬁve", "five"),
        ("x²", "x2"),
        ("Å", "A\u030a"),
        ("wa*r", "water"),
        ("wa*r", "war"),
        ("*", "anything at all"),
        ("*lin* ose", "cellin xyz ose"),
        ("a*b*", "a b c"),
        (r"2\*3", "2*3"),
        (r"2\**", "2*3"),
        ("** end", "the end"),
    ],
)
def test_texts_that_match(key: str, said: str) -> None:
    assert text_share(key, said) == 1


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("Paris", "Pari"),
        ("Paris", "Paris France"),
        ("New Delhi", "NewDelhi"),
        ("wa*r", "waterx"),
        ("ab*ba", "aba"),
        ("a*c*b", "ab"),
        ("a*b*c", "axxc"),
        (r"2\*3", "2xx3"),
        ("a.c", "abc"),
        ("cat*", "a cat"),
    ],
)
def test_texts_that_do_not(key: str, said: str) -> None:
    assert text_share(key, said) == 0


def test_case_counts_only_when_the_key_says_so() -> None:
    assert text_share("NaCl", "nacl") == 1
    assert text_share("NaCl", "nacl", case_sensitive=True) == 0
    assert text_share("NaCl", "NaCl", case_sensitive=True) == 1


def test_the_first_accepted_text_that_matches_decides() -> None:
    key = TextKey(answers=(TextAnswer(text="water"), TextAnswer(text="wa*", fraction=Fraction(1, 2))))
    assert share(TEXT, key, WEIGHTED, typed("water")) == 1
    assert share(TEXT, key, WEIGHTED, typed("wax")) == Fraction(1, 2)
    assert share(TEXT, key, RULE, typed("wax")) == 0


@given(st.text("ab*", max_size=8), st.text("ab", max_size=10))
def test_a_pattern_agrees_with_a_regular_expression(pattern: str, said: str) -> None:
    expression = ".*".join(re.escape(piece) for piece in pattern.split("*"))
    assert matches_pattern(said, pattern, case_sensitive=True) == bool(re.fullmatch(expression, said))


def test_many_wildcards_over_a_long_text_are_sought_once_each() -> None:
    assert growth(lambda size: text_share("a*" * size + "b", "a" * 2 * size), 1_000) < LINEAR
    assert text_share("a*" * 2_000 + "b", "a" * 4_000) == 0


def test_the_first_range_that_holds_the_number_decides() -> None:
    key = NumericKey(
        answers=(
            NumericAnswer(low="3.14", high="3.15"),
            NumericAnswer(low="3", high="4", fraction=Fraction(1, 2)),
        )
    )
    by_text = {"3.14": 1, "3.15": 1, "3.1499e0": 1, "3": Fraction(1, 2), "4": Fraction(1, 2), "4.0001": 0, "x": 0}
    assert {text: share(NUMERIC, key, WEIGHTED, typed(text)) for text in by_text} == by_text


def test_no_float_comes_between_a_decimal_and_its_key() -> None:
    key = NumericKey(answers=(NumericAnswer(low="0.3", high="0.3"),))
    assert share(NUMERIC, key, RULE, typed("0.3")) == 1
    assert share(NUMERIC, key, RULE, typed("0.30000000000000004")) == 0


def test_truncation_comes_before_comparing() -> None:
    key = NumericKey(answers=(NumericAnswer(low="6.25", high="6.25"),))
    truncated = Rule(correct=Fraction(4), rounding=Rounding.TRUNCATE, places=2)
    half_up = Rule(correct=Fraction(4), rounding=Rounding.HALF_UP, places=2)
    assert share(NUMERIC, key, truncated, typed("6.2599")) == 1
    assert share(NUMERIC, key, half_up, typed("6.2599")) == 0


def test_weights_apply_only_where_the_scheme_says_so() -> None:
    key = ChoiceKey(correct=("a",), weights={"a": Fraction(1), "b": Fraction(1, 2), "c": Fraction(-1, 2)})
    by_option = {"a": 1, "b": Fraction(1, 2), "c": 0, "d": 0}
    assert {option: share(SINGLE, key, WEIGHTED, chosen(option)) for option in by_option} == by_option
    assert share(SINGLE, key, RULE, chosen("b")) == 0


def test_negative_weights_take_from_the_others() -> None:
    half = Fraction(1, 2)
    key = ChoiceKey(correct=("a", "b"), weights={"a": half, "b": half, "c": -half})
    by_set = {"ab": 1, "a": half, "abc": half, "ac": 0, "c": 0, "d": 0}
    assert {ids: share(MULTIPLE, key, WEIGHTED, chosen(ids)) for ids in by_set} == by_set


def test_an_order_is_right_only_as_a_whole() -> None:
    assert share(ORDER, KEYS[ORDER], RULE, chosen("badc")) == 1
    assert share(ORDER, KEYS[ORDER], RULE, chosen("abdc")) == 0


def test_a_matrix_row_is_right_as_a_set_of_columns() -> None:
    per_row = Rule(correct=Fraction(3), partial=Partial.PER_ROW)
    answer = Response(matrix={"r": ("a",), "s": ("c", "b")})
    assert share(MATRIX, KEYS[MATRIX], per_row, answer) == Fraction(2, 3)
    assert share(MATRIX, KEYS[MATRIX], RULE, answer) == 0


def test_a_response_of_another_type_deserves_nothing() -> None:
    for type_ in (SINGLE, MULTIPLE, NUMERIC, TEXT, ORDER, MATRIX):
        assert share(type_, KEYS[type_], RULE, Response()) == 0


def test_no_rule_judges_an_essay() -> None:
    with pytest.raises(ValueError, match="by hand"):
        share(ESSAY, KEYS[ESSAY], RULE, typed("Once"))
