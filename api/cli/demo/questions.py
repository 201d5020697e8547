"""The demo test: 75 questions in the pattern of JEE Main, read from the GIFT files beside this module."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path

from tp.domain.exchange.gift import read_gift
from tp.domain.exchange.imported import Draft
from tp.domain.question import ChoiceKey, NumericKey

SUBJECTS = ("Physics", "Chemistry", "Mathematics")
LANGUAGE = "en"
TITLE = "Demo test in the pattern of JEE Main"
INSTRUCTIONS = (
    "Three subjects of 25 questions each, 180 minutes, 300 marks. A right answer earns 4 marks, a wrong one "
    "costs 1, no answer earns nothing. The last five questions of each subject take a number, which is rounded "
    "to the nearest integer."
)
PRESET = "JEE_MAIN_2025"
DURATION_SECONDS = 180 * 60
TOTAL = 300


@dataclass(frozen=True, slots=True)
class Known:
    """A question as its author knows it: the text of the right option, or the right whole number.

    `options`: the texts of all, none when a number is asked.
    """

    text: str
    subject: str
    right: str
    options: tuple[str, ...]

    @property
    def distractors(self) -> list[str]:
        return [text for text in self.options if text != self.right]


def gift(subject: str) -> str:
    """Return the GIFT file of a subject."""
    return (Path(__file__).parent / "paper" / f"{subject.lower()}.gift").read_text("utf-8")


@cache
def known_questions() -> dict[str, Known]:
    """Return what is right, by the question's text: it comes from the files, never from the server."""
    known: dict[str, Known] = {}
    for subject in SUBJECTS:
        read = read_gift(gift(subject), language=LANGUAGE, new_option_id=map(str, count()).__next__)
        for draft in read.drafts:
            text = draft.content.text[LANGUAGE]
            options = tuple(option.text[LANGUAGE] for option in draft.content.options)
            known[text] = Known(text, subject, _right(draft), options)
    return known


def _right(draft: Draft) -> str:
    if isinstance(draft.key, NumericKey):
        return draft.key.answers[0].low
    assert isinstance(draft.key, ChoiceKey)
    [right] = [option.text[LANGUAGE] for option in draft.content.options if option.id in draft.key.correct]
    return right
