"""What the tests of the exchange formats read with: English, and options named o1, o2, …"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import count

from tp.domain.exchange.aiken import read_aiken
from tp.domain.exchange.gift import read_gift
from tp.domain.exchange.imported import Draft, Imported, LineProblem, Loss
from tp.domain.question import ChoiceKey, MatrixKey, NumericKey, TextKey


def option_ids() -> Callable[[], str]:
    numbers = count(1)
    return lambda: f"o{next(numbers)}"


def gift(text: str) -> Imported:
    return read_gift(text, language="en", new_option_id=option_ids())


def aiken(text: str) -> Imported:
    return read_aiken(text, language="en", new_option_id=option_ids())


def question(text: str) -> Draft:
    """The only question of a GIFT file without problems."""
    read = gift(text)
    assert read.problems == ()
    (draft,) = read.drafts
    return draft


def refusal(text: str) -> LineProblem:
    """The only problem of a GIFT file."""
    read = gift(text)
    assert read.drafts == ()
    (problem,) = read.problems
    return problem


def losses(text: str) -> list[tuple[int, str, str]]:
    read = gift(text)
    assert read.problems == ()
    return [(loss.line, loss.code.value, loss.message) for loss in read.losses]


def loss(text: str) -> Loss:
    (found,) = gift(text).losses
    return found


def stem(draft: Draft) -> str:
    return draft.content.text["en"]


def options(draft: Draft) -> list[str]:
    return [option.text["en"] for option in draft.content.options]


def correct(draft: Draft) -> list[str]:
    assert isinstance(draft.key, ChoiceKey)
    key = draft.key.correct
    return [option.text["en"] for option in draft.content.options if option.id in key]


def weights(draft: Draft) -> dict[str, Fraction]:
    assert isinstance(draft.key, ChoiceKey)
    texts = {option.id: option.text["en"] for option in draft.content.options}
    return {texts[option]: weight for option, weight in draft.key.weights.items()}


def numbers(draft: Draft) -> list[tuple[str, str, Fraction]]:
    assert isinstance(draft.key, NumericKey)
    return [(answer.low, answer.high, answer.fraction) for answer in draft.key.answers]


def texts(draft: Draft) -> list[tuple[str, Fraction]]:
    assert isinstance(draft.key, TextKey)
    return [(answer.text, answer.fraction) for answer in draft.key.answers]


def pairs(draft: Draft) -> list[tuple[str, str]]:
    """Each row with its column."""
    assert isinstance(draft.key, MatrixKey)
    columns = {column.id: column.text["en"] for column in draft.content.columns}
    return [(row.text["en"], columns[column]) for row in draft.content.rows for column in draft.key.rows[row.id]]


def columns(draft: Draft) -> list[str]:
    return [column.text["en"] for column in draft.content.columns]
