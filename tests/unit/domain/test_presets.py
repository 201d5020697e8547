"""Every preset against marking formulated anew: bulletins as tables, in whole thirds or hundredths of a mark."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import product

import pytest
from domain_values import (
    KEYS,
    MATRIX,
    MULTIPLE,
    NUMERIC,
    ORDER,
    RIGHT,
    SINGLE,
    TEXT,
    WRONG,
    chosen,
    on_paper,
    typed,
)
from hypothesis import given
from hypothesis import strategies as st

from tp.domain.grading import effective_rule, grade
from tp.domain.paper import KeyEntry
from tp.domain.presets import PRESETS
from tp.domain.question import (
    ChoiceKey,
    Key,
    MatrixKey,
    NumericAnswer,
    NumericKey,
    QuestionType,
    TextAnswer,
    TextKey,
)
from tp.domain.response import Response

LETTERS = "abcd"
SUBSETS = [
    "".join(letter for letter, taken in zip(LETTERS, bits, strict=True) if taken)
    for bits in product((0, 1), repeat=4)
]

THIRDS = {
    #                         single    multiple   numeric    others     (right, wrong)
    "JEE_MAIN_2025":         ((12, -3), (12, -3), (12, -3), (12, -3)),
    "JEE_ADVANCED_MULTIPLE": ((12, -6), None,     (12, -6), (12, -6)),
    "JEE_ADVANCED_SINGLE":   ((9, -3),  (9, -3),  (9, -3),  (9, -3)),
    "JEE_ADVANCED_NUMERIC":  ((12, 0),  (12, 0),  (12, 0),  (12, 0)),
    "NEET_2025":             ((12, -3), (12, -3), (12, -3), (12, -3)),
    "GATE":                  ((3, -1),  (3, 0),   (3, 0),   (3, 0)),
    "PLAIN":                 ((3, 0),   None,     (3, 0),   (3, 0)),
}  # fmt: skip
"""Right and wrong, in thirds of a mark; `None` where there is something in between."""

COLUMN = {SINGLE: 0, MULTIPLE: 1, NUMERIC: 2, TEXT: 3, MATRIX: 3, ORDER: 3}


def earned(
    preset: str, type_: QuestionType, key: Key, response: Response | None, marks: int | None = None
) -> Fraction:
    rule = effective_rule(PRESETS[preset], type_, own=None, marks=None if marks is None else Fraction(marks))
    graded = grade(on_paper("q", type_, rule), KeyEntry(key=key), response)
    assert graded.marks is not None
    return graded.marks


def thirds(preset: str, type_: QuestionType) -> tuple[int, int] | None:
    return THIRDS[preset][COLUMN[type_]]


def test_every_preset_has_a_table_and_its_own_name() -> None:
    assert set(PRESETS) == set(THIRDS)
    assert all(scheme.name == name for name, scheme in PRESETS.items())


@pytest.mark.parametrize("preset", THIRDS)
@pytest.mark.parametrize("type_", COLUMN)
def test_right_wrong_and_unanswered(preset: str, type_: QuestionType) -> None:
    right, wrong = thirds(preset, type_) or {"PLAIN": (3, 0), "JEE_ADVANCED_MULTIPLE": (12, -6)}[preset]
    assert earned(preset, type_, KEYS[type_], RIGHT[type_]) * 3 == right
    assert earned(preset, type_, KEYS[type_], WRONG[type_]) * 3 == wrong
    assert earned(preset, type_, KEYS[type_], None) == 0


@pytest.mark.parametrize("preset", THIRDS)
@given(accepted=st.sampled_from(SUBSETS[1:]), answer=st.sampled_from(["", *LETTERS]))
def test_single_choice(preset: str, accepted: str, answer: str) -> None:
    table = {letter: "right" if letter in accepted else "wrong" for letter in LETTERS} | {"": "blank"}
    right, wrong = thirds(preset, SINGLE) or (0, 0)
    expected = {"right": right, "wrong": wrong, "blank": 0}[table[answer]]
    assert earned(preset, SINGLE, ChoiceKey(correct=tuple(accepted)), chosen(answer)) * 3 == expected


@pytest.mark.parametrize("preset", [name for name in THIRDS if THIRDS[name][1]])
@given(correct=st.sampled_from(SUBSETS[1:]), answer=st.sampled_from(SUBSETS))
def test_multiple_choice_without_partial_marks(preset: str, correct: str, answer: str) -> None:
    right, wrong = thirds(preset, MULTIPLE) or (0, 0)
    expected = 0 if not answer else right if answer == correct else wrong
    assert earned(preset, MULTIPLE, ChoiceKey(correct=tuple(correct)), chosen(answer)) * 3 == expected


def bulletin(correct: str, answer: str) -> int:
    """JEE (Advanced) as its bulletin words it, case by case."""
    wrongly = [letter for letter in answer if letter not in correct]
    if answer == correct:
        return 4
    if len(correct) == 4 and len(answer) == 3:
        return 3
    if len(correct) >= 3 and len(answer) == 2 and not wrongly:
        return 2
    if len(correct) >= 2 and len(answer) == 1 and not wrongly:
        return 1
    return 0 if answer == "" else -2


@pytest.mark.parametrize(("correct", "answer"), list(product(SUBSETS[1:], SUBSETS)))
def test_jee_advanced_multiple_correct_in_all_240_cases(correct: str, answer: str) -> None:
    marks = earned("JEE_ADVANCED_MULTIPLE", MULTIPLE, ChoiceKey(correct=tuple(correct)), chosen(answer))
    assert marks == bulletin(correct, answer)


@given(correct=st.sampled_from(SUBSETS[1:]), answer=st.sampled_from(SUBSETS), marks=st.integers(1, 12))
def test_own_marks_scale_all_of_jee_advanced(correct: str, answer: str, marks: int) -> None:
    key = ChoiceKey(correct=tuple(correct))
    scaled = earned("JEE_ADVANCED_MULTIPLE", MULTIPLE, key, chosen(answer), marks)
    assert scaled * 4 == bulletin(correct, answer) * marks


decimals = st.decimals(min_value=-50, max_value=50, places=4, allow_nan=False, allow_infinity=False)
PLACES = {"JEE_MAIN_2025": 0, "JEE_ADVANCED_NUMERIC": 2}


@pytest.mark.parametrize("preset", THIRDS)
@given(typed_number=decimals, off=st.integers(-30_000, 30_000), width=st.integers(0, 20_000))
def test_numeric(preset: str, typed_number: Decimal, off: int, width: int) -> None:
    step = Decimal("0.0001")
    low = typed_number + off * step
    high = low + width * step
    kept = typed_number
    if preset in PLACES:
        kept = kept.quantize(Decimal(1).scaleb(-PLACES[preset]), ROUND_HALF_UP)
    right, wrong = thirds(preset, NUMERIC) or (0, 0)
    expected = right if low <= kept <= high else wrong
    key = NumericKey(answers=(NumericAnswer(low=str(low), high=str(high)),))
    assert earned(preset, NUMERIC, key, typed(str(typed_number))) * 3 == expected


def test_jee_main_takes_the_nearest_integer() -> None:
    key = NumericKey(answers=(NumericAnswer(low="7", high="7"),))
    by_answer = {"7": 4, "6.5": 4, "7.49": 4, "7.5": -1, "6.49": -1, "-7": -1}
    assert {text: earned("JEE_MAIN_2025", NUMERIC, key, typed(text)) for text in by_answer} == by_answer


def test_gate_takes_a_third_of_the_marks() -> None:
    key = ChoiceKey(correct=("a",))
    assert [earned("GATE", SINGLE, key, chosen("b"), marks) for marks in (1, 2)] == [
        Fraction(-1, 3),
        Fraction(-2, 3),
    ]
    assert [earned("GATE", SINGLE, key, chosen("a"), marks) for marks in (1, 2)] == [1, 2]
    assert [earned("GATE", MULTIPLE, key, chosen("ab"), marks) for marks in (1, 2)] == [0, 0]


weights = st.fixed_dictionaries({}, optional={letter: st.integers(-100, 100) for letter in LETTERS})


@given(correct=st.sampled_from(SUBSETS[1:]), percent=weights, answer=st.sampled_from(SUBSETS[1:]))
def test_plain_multiple_choice_sums_the_percentages_of_the_key(
    correct: str, percent: dict[str, int], answer: str
) -> None:
    hundredths = 0
    for letter in answer:
        hundredths += percent.get(letter, 0)
    expected = 100 if answer == correct else sorted((0, hundredths, 100))[1]
    key = ChoiceKey(
        correct=tuple(correct), weights={letter: Fraction(value, 100) for letter, value in percent.items()}
    )
    assert earned("PLAIN", MULTIPLE, key, chosen(answer)) * 100 == expected


@given(percent=weights, answer=st.sampled_from(LETTERS))
def test_plain_single_choice_earns_the_percentage_of_its_option(percent: dict[str, int], answer: str) -> None:
    hundredths = {"a": 100, "b": 0, "c": 0, "d": 0} | percent
    key = ChoiceKey(correct=("a",), weights={letter: Fraction(value, 100) for letter, value in percent.items()})
    assert earned("PLAIN", SINGLE, key, chosen(answer)) * 100 == max(0, hundredths[answer])


@pytest.mark.parametrize("preset", THIRDS)
@given(percent=st.integers(0, 100))
def test_a_text_worth_a_part_earns_it_only_in_plain(preset: str, percent: int) -> None:
    right, wrong = thirds(preset, TEXT) or (0, 0)
    key = TextKey(answers=(TextAnswer(text="Lutetia", fraction=Fraction(percent, 100)),))
    marks = earned(preset, TEXT, key, typed("Lutetia"))
    if preset == "PLAIN":
        assert marks * 100 == percent
    else:
        assert marks * 3 == (right if percent == 100 else wrong)


matches = st.fixed_dictionaries({row: st.sampled_from(SUBSETS[1:]) for row in "rst"})


@pytest.mark.parametrize("preset", THIRDS)
@given(key=matches, answer=matches)
def test_a_matrix_counts_whole_but_row_by_row_in_plain(
    preset: str, key: dict[str, str], answer: dict[str, str]
) -> None:
    rows = [key[row] == answer[row] for row in "rst"]
    right, wrong = thirds(preset, MATRIX) or (0, 0)
    expected = rows.count(True) if preset == "PLAIN" else wrong if False in rows else right
    marks = earned(
        preset,
        MATRIX,
        MatrixKey(rows={row: tuple(columns) for row, columns in key.items()}),
        Response(matrix={row: tuple(columns) for row, columns in answer.items()}),
    )
    assert marks * 3 == expected
