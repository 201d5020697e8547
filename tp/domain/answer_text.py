"""Responses as one text each: what services compare and count.

Options are joined by `|`, in the canonical order of `Response`: sorted, unless their order is the answer. A row of
a matrix is `row:column,column`, and rows are joined by `|` too. A text is as it was typed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tp.domain.question import ChoiceKey, Key, MatrixKey, NumericKey, OrderKey, TextKey
from tp.domain.response import Response

Stored = Mapping[str, object]
"""A response as its JSON is read, without its model."""


def text_of(response: Response | None) -> str | None:
    """Return a response as text; `None` for none."""
    if response is None:
        return None
    if response.options is not None:
        return "|".join(response.options)
    if response.matrix is not None:
        return "|".join(_row(row, columns) for row, columns in response.matrix.items())
    return response.text


def text_of_stored(response: Stored | None) -> str | None:
    """Return the same of stored JSON, for millions of them."""
    if response is None:
        return None
    options = response.get("options")
    if isinstance(options, list):
        return options[0] if len(options) == 1 else "|".join(options)
    matrix = response.get("matrix")
    if isinstance(matrix, dict):
        return "|".join(_row(row, columns) for row, columns in matrix.items())
    text = response.get("text")
    return text if isinstance(text, str) else None


def texts_of_key(key: Key) -> list[str]:
    """Return what is right, as a response has it: ids of options, rows of a matrix, texts; a range is `low..high`.

    Nothing for what is graded by hand.
    """
    match key:
        case ChoiceKey():
            return list(key.correct)
        case OrderKey():
            return list(key.order)
        case MatrixKey():
            return [_row(row, columns) for row, columns in key.rows.items()]
        case NumericKey():
            return [one.low if one.low == one.high else f"{one.low}..{one.high}" for one in key.answers]
        case TextKey():
            return [one.text for one in key.answers]
        case _:
            return []


def _row(row: str, columns: Iterable[str]) -> str:
    return f"{row}:{','.join(columns)}"
