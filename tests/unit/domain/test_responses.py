from __future__ import annotations

import pytest
from domain_values import ESSAY, MATRIX, MULTIPLE, NUMERIC, ORDER, SINGLE, TEXT, chosen, content, told, typed

from tp.domain.problem import Code
from tp.domain.question import QuestionType
from tp.domain.response import Response
from tp.domain.responses import canonical

AT = ("events", 0, "response")


def matrix(**rows: str) -> Response:
    return Response(matrix={row: tuple(columns) for row, columns in rows.items()})


@pytest.mark.parametrize(
    ("type_", "sent", "kept"),
    [
        (SINGLE, chosen("c"), chosen("c")),
        (MULTIPLE, chosen("cab"), chosen("abc")),
        (ORDER, chosen("cabd"), chosen("cabd")),
        (NUMERIC, typed(" \u22120.50 "), typed("\u22120.50")),
        (TEXT, typed(" New  Delhi"), typed(" New  Delhi")),
        (TEXT, typed("x" * 4_000), typed("x" * 4_000)),
        (ESSAY, typed("x" * 50_000), typed("x" * 50_000)),
        (MATRIX, matrix(t="ba", r="", s="c"), matrix(s="c", t="ab")),
    ],
)
def test_a_sound_response_comes_into_canonical_form(type_: QuestionType, sent: Response, kept: Response) -> None:
    assert canonical(content(type_), sent, AT) == kept


@pytest.mark.parametrize(
    ("type_", "sent", "code", "place"),
    [
        (SINGLE, chosen("ab"), Code.TOO_MANY, ("optionIds",)),
        (SINGLE, chosen("x"), Code.UNKNOWN_OPTION, ("optionIds", 0)),
        (SINGLE, chosen(""), Code.REQUIRED, ("optionIds",)),
        (MULTIPLE, chosen("abx"), Code.UNKNOWN_OPTION, ("optionIds", 2)),
        (MULTIPLE, chosen("aba"), Code.INVALID, ("optionIds", 2)),
        (ORDER, chosen("abc"), Code.INVALID, ("optionIds",)),
        (NUMERIC, typed("1,5"), Code.INVALID, ("text",)),
        (NUMERIC, typed("1e400"), Code.INVALID, ("text",)),
        (NUMERIC, typed(""), Code.REQUIRED, ("text",)),
        (TEXT, typed(" \n "), Code.REQUIRED, ("text",)),
        (TEXT, typed("x" * 4_001), Code.TOO_LARGE, ("text",)),
        (TEXT, typed("\ud800"), Code.INVALID, ("text",)),
        (ESSAY, typed("x" * 50_001), Code.TOO_LARGE, ("text",)),
        (MATRIX, matrix(x="a"), Code.UNKNOWN_OPTION, ("matrix",)),
        (MATRIX, matrix(r="ax"), Code.UNKNOWN_OPTION, ("matrix", "r", 1)),
        (MATRIX, matrix(r="aa"), Code.INVALID, ("matrix", "r", 1)),
        (MATRIX, matrix(r="", s=""), Code.REQUIRED, ("matrix",)),
        (MATRIX, matrix(), Code.REQUIRED, ("matrix",)),
    ],
)
def test_an_unsound_response_is_refused_at_its_place(
    type_: QuestionType, sent: Response, code: Code, place: tuple[str | int, ...]
) -> None:
    assert told(canonical(content(type_), sent, AT)) == [(code, (*AT, *place))]


def test_an_empty_answer_is_told_to_be_cleared() -> None:
    for type_, sent in ((SINGLE, chosen("")), (TEXT, typed("")), (MATRIX, matrix())):
        problems = canonical(content(type_), sent)
        assert isinstance(problems, list)
        assert "CLEAR" in problems[0].message


def test_exactly_the_field_of_the_type_is_set() -> None:
    assert told(canonical(content(SINGLE), typed("a"), AT)) == [
        (Code.INVALID, (*AT, "text")),
        (Code.REQUIRED, (*AT, "optionIds")),
    ]
    both = Response(options=("a",), text="a", matrix={})
    assert told(canonical(content(SINGLE), both, AT)) == [
        (Code.INVALID, (*AT, "text")),
        (Code.INVALID, (*AT, "matrix")),
    ]
    assert told(canonical(content(ESSAY), Response(), AT)) == [(Code.REQUIRED, (*AT, "text"))]


def test_a_flood_of_unknown_options_is_told_in_part() -> None:
    assert len(told(canonical(content(MULTIPLE), chosen("x" * 10_000)))) == 20
    rows = Response(matrix={f"x{index}": ("a",) for index in range(10_000)})
    assert len(told(canonical(content(MATRIX), rows))) == 20
