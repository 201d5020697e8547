"""Responses and keys as text: the same of a model and of its stored JSON."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

from tp.domain.answer_text import text_of, text_of_stored, texts_of_key
from tp.domain.question import (
    ChoiceKey,
    EssayKey,
    Key,
    MatrixKey,
    NumericAnswer,
    NumericKey,
    OrderKey,
    TextAnswer,
    TextKey,
)
from tp.domain.response import Response

RESPONSES = [
    (Response(options=("a",)), "a"),
    (Response(options=("b", "a")), "b|a"),
    (Response(text="3.14"), "3.14"),
    (Response(text="a|b \n"), "a|b \n"),
    (Response(matrix={"r": ("x", "y"), "s": ("x",)}), "r:x,y|s:x"),
]
KEYS = [
    (ChoiceKey(correct=("a", "b")), ["a", "b"]),
    (OrderKey(order=("b", "a")), ["b", "a"]),
    (MatrixKey(rows={"r": ("x",), "s": ("x", "y")}), ["r:x", "s:x,y"]),
    (
        NumericKey(answers=(NumericAnswer(low="1", high="2"), NumericAnswer(low="3", high="3"))),
        ["1..2", "3"],
    ),
    (TextKey(answers=(TextAnswer(text="New *", fraction=Fraction(1)),)), ["New *"]),
    (EssayKey(), []),
]


@pytest.mark.parametrize(("response", "text"), RESPONSES)
def test_a_response_is_one_text_however_it_is_read(response: Response, text: str) -> None:
    stored = json.loads(response.model_dump_json(exclude_none=True))

    assert (text_of(response), text_of_stored(stored)) == (text, text)


def test_no_response_is_no_text() -> None:
    assert (text_of(None), text_of_stored(None)) == (None, None)


@pytest.mark.parametrize(("key", "texts"), KEYS)
def test_a_key_is_the_texts_that_are_right(key: Key, texts: list[str]) -> None:
    assert texts_of_key(key) == texts
