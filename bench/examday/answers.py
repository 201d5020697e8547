"""What a simulated student answers: known before the day, so that every batch and every mark can be checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

QUESTIONS_A_BATCH = 4
"""Each is visited and answered: eight events."""

RIGHT, WRONG = 4, -1


@dataclass(frozen=True, slots=True)
class Question:
    """`options`: ids, none where a number is asked; `right`: the id of the right one, or the number."""

    id: str
    options: tuple[str, ...]
    right: str


def batch(questions: Sequence[Question], student: int, seq: int) -> list[dict[str, Any]]:
    """Return the events of a student's batch, as `saveResponses` takes them."""
    random = Random(f"{student}:{seq}")
    events: list[dict[str, Any]] = []
    for turn in range(QUESTIONS_A_BATCH):
        place = (seq - 1) * QUESTIONS_A_BATCH + turn
        question, at = questions[place % len(questions)], place * 7_500
        said = _said(question, random)
        response = {"optionIds": [said]} if question.options else {"text": said}
        events.append({"type": "VISIT", "at": at, "questionId": question.id})
        events.append({"type": "ANSWER", "at": at + 5_000, "questionId": question.id, "response": response})
    return events


def total(questions: Sequence[Question], student: int, batches: int) -> int:
    """Return the marks that the student's batches earn: the last answer to a question counts."""
    last: dict[str, str] = {}
    for seq in range(1, batches + 1):
        for event in batch(questions, student, seq):
            if event["type"] == "ANSWER":
                said = event["response"]
                last[event["questionId"]] = said["text"] if "text" in said else said["optionIds"][0]
    right = {question.id: question.right for question in questions}
    return sum(RIGHT if said == right[id] else WRONG for id, said in last.items())


def _said(question: Question, random: Random) -> str:
    if random.random() < 0.6:
        return question.right
    if question.options:
        return random.choice([option for option in question.options if option != question.right])
    return str(int(question.right) + 1)
