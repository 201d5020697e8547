from __future__ import annotations

from fractions import Fraction

import pytest
from domain_values import (
    ESSAY,
    KEYS,
    MATRIX,
    MULTIPLE,
    NUMERIC,
    ORDER,
    SINGLE,
    TEXT,
    content,
    options,
    told,
)

from tp.domain.authoring import check_content, check_key, check_reachable, check_rule
from tp.domain.marking import Rounding, Rule
from tp.domain.problem import Code, PathStep
from tp.domain.question import (
    ChoiceKey,
    Content,
    Key,
    MatrixKey,
    NumericAnswer,
    NumericKey,
    Option,
    OrderKey,
    QuestionType,
    TextAnswer,
    TextKey,
)

Places = list[tuple[Code, tuple[PathStep, ...]]]


@pytest.mark.parametrize("type_", list(QuestionType))
def test_a_sound_question_of_every_type_passes(type_: QuestionType) -> None:
    assert check_content(content(type_)) == []
    assert check_key(content(type_), KEYS[type_]) == []


def changed(type_: QuestionType, **fields: object) -> Content:
    return content(type_).model_copy(update=fields)


@pytest.mark.parametrize(
    ("unsound", "problems"),
    [
        (changed(TEXT, text={}), [(Code.REQUIRED, ("q", "text"))]),
        (changed(TEXT, text={"en": "Why?", "hi": " "}), [(Code.REQUIRED, ("q", "text", "hi"))]),
        (changed(SINGLE, options=options("a")), [(Code.INVALID, ("q", "options"))]),
        (changed(SINGLE, options=()), [(Code.INVALID, ("q", "options"))]),
        (changed(MULTIPLE, options=options("aba")), [(Code.INVALID, ("q", "options", 2, "id"))]),
        (changed(ORDER, options=options("a")), [(Code.INVALID, ("q", "options"))]),
        (
            changed(SINGLE, options=(*options("ab"), Option(id="c", text={"en": ""}))),
            [(Code.REQUIRED, ("q", "options", 2, "text", "en"))],
        ),
        (changed(NUMERIC, options=options("ab")), [(Code.INVALID, ("q", "options"))]),
        (changed(SINGLE, rows=options("r")), [(Code.INVALID, ("q", "rows"))]),
        (
            changed(MATRIX, rows=(), columns=options("a")),
            [(Code.INVALID, ("q", "rows")), (Code.INVALID, ("q", "columns"))],
        ),
        (changed(MATRIX, columns=options("aa")), [(Code.INVALID, ("q", "columns", 1, "id"))]),
    ],
)
def test_an_unsound_question_is_told_at_its_place(unsound: Content, problems: Places) -> None:
    assert told(check_content(unsound, ("q",))) == problems


def numeric(low: str, high: str, fraction: Fraction = Fraction(1)) -> NumericKey:
    return NumericKey(answers=(NumericAnswer(low=low, high=high, fraction=fraction),))


@pytest.mark.parametrize(
    ("type_", "key", "problems"),
    [
        (SINGLE, KEYS[NUMERIC], [(Code.KEY_MISMATCH, ("key",))]),
        (ESSAY, KEYS[TEXT], [(Code.KEY_MISMATCH, ("key",))]),
        (SINGLE, ChoiceKey(correct=()), [(Code.KEY_MISMATCH, ("key", "correct"))]),
        (MULTIPLE, ChoiceKey(correct=("a", "x")), [(Code.KEY_MISMATCH, ("key", "correct", 1))]),
        (MULTIPLE, ChoiceKey(correct=("a", "a")), [(Code.KEY_MISMATCH, ("key", "correct", 1))]),
        (
            MULTIPLE,
            ChoiceKey(correct=("a",), weights={"x": Fraction(1), "b": Fraction(-1), "c": Fraction(3, 2)}),
            [(Code.KEY_MISMATCH, ("key", "weights", 0, "ref")), (Code.INVALID, ("key", "weights", 2, "fraction"))],
        ),
        (NUMERIC, NumericKey(answers=()), [(Code.KEY_MISMATCH, ("key", "numbers"))]),
        (NUMERIC, numeric("3", "2"), [(Code.INVALID, ("key", "numbers", 0))]),
        (
            NUMERIC,
            numeric("1,5", "NaN"),
            [(Code.INVALID, ("key", "numbers", 0, "low")), (Code.INVALID, ("key", "numbers", 0, "high"))],
        ),
        (NUMERIC, numeric("1", "1", Fraction(2)), [(Code.INVALID, ("key", "numbers", 0, "fraction"))]),
        (TEXT, TextKey(answers=()), [(Code.KEY_MISMATCH, ("key", "texts"))]),
        (
            TEXT,
            TextKey(answers=(TextAnswer(text=" ", fraction=Fraction(-1)),)),
            [(Code.INVALID, ("key", "texts", 0, "text")), (Code.INVALID, ("key", "texts", 0, "fraction"))],
        ),
        (ORDER, OrderKey(order=("a", "b", "c")), [(Code.KEY_MISMATCH, ("key", "order"))]),
        (ORDER, OrderKey(order=("a", "b", "c", "c")), [(Code.KEY_MISMATCH, ("key", "order"))]),
        (
            MATRIX,
            MatrixKey(rows={"r": ("a", "x"), "s": (), "x": ("b",)}),
            [
                (Code.KEY_MISMATCH, ("key", "rows")),
                (Code.KEY_MISMATCH, ("key", "rows")),
                (Code.KEY_MISMATCH, ("key", "rows", 0, "columns", 1)),
                (Code.KEY_MISMATCH, ("key", "rows", 2, "ref")),
            ],
        ),
    ],
)
def test_a_key_that_does_not_fit_is_told_at_its_place(type_: QuestionType, key: Key, problems: Places) -> None:
    assert told(check_key(content(type_), key)) == problems


def test_a_rule_is_sound_by_itself() -> None:
    assert check_rule(Rule(correct=Fraction(4), wrong=Fraction(-1))) == []
    assert check_rule(Rule(correct=Fraction(0))) == []
    unsound = Rule(correct=Fraction(-1), wrong=Fraction(1), per_option=Fraction(-1), places=10)
    assert told(check_rule(unsound)) == [
        (Code.INVALID, ("rule", name)) for name in ("correct", "wrong", "perOption", "places")
    ]


@pytest.mark.parametrize(
    ("low", "high", "places", "reachable"),
    [
        ("6.25", "6.25", 2, True),
        ("6.25", "6.25", 1, False),
        ("6.251", "6.259", 2, False),
        ("6.251", "6.26", 2, True),
        ("-6.5", "-6.5", 0, False),
        ("-6.5", "-6", 0, True),
        ("7", "7", 0, True),
    ],
)
def test_a_key_that_rounding_puts_out_of_reach_is_told(low: str, high: str, places: int, reachable: bool) -> None:
    key = numeric(low, high)
    for rounding in (Rounding.HALF_UP, Rounding.TRUNCATE):
        problems = check_reachable(key, Rule(correct=Fraction(4), rounding=rounding, places=places))
        assert told(problems) == ([] if reachable else [(Code.KEY_MISMATCH, ("key", "numbers", 0))])
    assert check_reachable(key, Rule(correct=Fraction(4))) == []
