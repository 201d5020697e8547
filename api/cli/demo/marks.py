"""What an attempt must earn: worked out from what was acknowledged, without the platform's own rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

from api.cli.demo.mind import Event, Question

RIGHT, WRONG = 4, -1


def expected_marks(
    questions: Sequence[Question], acknowledged: Iterable[Event], in_force: Mapping[str, str]
) -> dict[str, int]:
    """Return marks by question id, 0 for none: +4 for the answer of the key, −1 for another.

    The key is what is right, but where `in_force` says otherwise, by a question's text.
    """
    given: dict[str, Event] = {}
    for event in acknowledged:
        if event["type"] == "ANSWER":
            given[event["questionId"]] = event["response"]
        elif event["type"] == "CLEAR":
            given.pop(event["questionId"], None)
    return {
        question.id: _marks(question, in_force.get(question.text, question.right), given.get(question.id))
        for question in questions
    }


def _marks(question: Question, key: str, said: Event | None) -> int:
    if said is None:
        return 0
    if question.options:
        return RIGHT if said["optionIds"] == [question.options[key]] else WRONG
    nearest = Decimal(said["text"]).quantize(Decimal(1), ROUND_HALF_UP)
    return RIGHT if nearest == Decimal(key) else WRONG
