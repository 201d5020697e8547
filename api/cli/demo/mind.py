"""How a simulated student works through the paper: in passes, with doubts, changes of mind and looks away.

Pure: the same seed and paper give the same events. A question's difficulty and the distractor that tempts most
follow from its text, so that statistics over a cohort say something.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

Event = dict[str, Any]
"""As `saveResponses` takes it."""

BATCH_EVENTS = 8
TIME_MS = 175 * 60 * 1000
"""When the student stops: five minutes before the end."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the paper with what its author knows. `options`: ids by text, none when a number is asked."""

    id: str
    subject: str
    text: str
    options: Mapping[str, str]
    right: str

    def said(self, answer: str) -> Event:
        """Return the response that gives `answer`: an option's text, or a number as typed."""
        return {"optionIds": [self.options[answer]]} if self.options else {"text": answer}

    def wrong(self, random: Random) -> str:
        """Return an answer that is wrong, one distractor three times as often as any other."""
        if not self.options:
            return str(int(self.right) + random.choice((-10, -2, -1, 1, 2, 5, 10)))
        distractors = [text for text in self.options if text != self.right]
        most = tempting(self.text, distractors)
        distractors.sort()
        return random.choices(distractors, [3 if text == most else 1 for text in distractors])[0]


def difficulty(text: str) -> float:
    """Return how difficult a question is, on the scale of abilities."""
    return Random(text).gauss(0.3, 0.9)


def tempting(text: str, distractors: Sequence[str]) -> str:
    """Return the distractor of a question that tempts most."""
    return sorted(distractors)[Random(text).randrange(len(distractors))]


class Mind:
    """One student: abilities by subject, a pace, and a habit of guessing.

    `lures`: by a question's text, the wrong answer that draws the able. Some are slower in one subject.
    """

    def __init__(
        self,
        seed: int,
        *,
        lures: Mapping[str, str] = {},
        slow_subject: str | None = None,
        slow_factor: float = 1.0,
    ) -> None:
        self._random = Random(seed)
        self._lures = lures
        self._slow_subject = slow_subject
        self._slow_factor = slow_factor
        self._ability = self._random.gauss(0, 1)
        self._bent: dict[str, float] = {}
        self._pace = self._random.lognormvariate(0, 0.25)
        self._guesses = self._random.uniform(0, 0.5)
        self._at = self._random.randint(1_000, 15_000)

    def sit(self, questions: Sequence[Question]) -> list[Event]:
        """Return what the student does, in its order."""
        return list(self._events(questions))

    def _events(self, questions: Sequence[Question]) -> Iterator[Event]:
        later: list[Question] = []
        for question in self._in_order(questions):
            if self._at > TIME_MS:
                return
            yield from self._first_look(question, later)
        for question in later:
            if self._at > TIME_MS:
                return
            yield from self._second_look(question)

    def _in_order(self, questions: Sequence[Question]) -> list[Question]:
        """Most begin where the paper begins, some with the subject they like."""
        subjects = list(dict.fromkeys(question.subject for question in questions))
        if self._random.random() < 0.4:
            subjects.sort(key=lambda subject: -self._strength(subject))
        return [question for subject in subjects for question in questions if question.subject == subject]

    def _first_look(self, question: Question, later: list[Question]) -> Iterator[Event]:
        yield self._event("VISIT", question)
        if self._random.random() < 0.02:
            yield self._away("BLUR", 5_000)
            yield self._away("FOCUS", 20_000)
        sure = self._chance(question)
        self._think(question, 110 - 40 * sure)
        if self._random.random() < 0.25 + 0.75 * sure or self._random.random() < self._guesses:
            yield self._answer(question, sure)
            if sure < 0.5 and self._random.random() < 0.4:
                yield self._event("MARK", question)
                later.append(question)
        else:
            if self._random.random() < 0.3:
                yield self._event("MARK", question)
            later.append(question)

    def _second_look(self, question: Question) -> Iterator[Event]:
        yield self._event("VISIT", question)
        self._think(question, 50)
        turn = self._random.random()
        if turn < 0.55:
            yield self._answer(question, self._chance(question) + 0.1)
        elif turn < 0.65:
            yield self._event("CLEAR", question)
        if self._random.random() < 0.5:
            yield self._event("UNMARK", question)

    def _answer(self, question: Question, chance: float) -> Event:
        right = self._random.random() < chance
        answer = question.right if right else question.wrong(self._random)
        lure = self._lures.get(question.text)
        if lure is not None and self._random.random() < 1 / (
            1 + math.exp(-1.5 * self._strength(question.subject))
        ):
            answer = lure
        if right and not question.options and self._random.random() < 0.2:
            answer += ".2"  # the scheme rounds what was typed to the nearest integer
        return {**self._event("ANSWER", question), "response": question.said(answer)}

    def _chance(self, question: Question) -> float:
        return 1 / (1 + math.exp(difficulty(question.text) - self._strength(question.subject)))

    def _strength(self, subject: str) -> float:
        if subject not in self._bent:
            self._bent[subject] = self._random.gauss(0.2, 0.6)
        return self._ability + self._bent[subject]

    def _think(self, question: Question, seconds: float) -> None:
        slow = self._slow_factor if question.subject == self._slow_subject else 1
        self._at += int(1000 * slow * self._pace * self._random.lognormvariate(math.log(seconds), 0.5))

    def _event(self, type: str, question: Question) -> Event:
        self._at += self._random.randint(300, 2_500)
        return {"type": type, "at": self._at, "questionId": question.id}

    def _away(self, type: str, least: int) -> Event:
        self._at += self._random.randint(least, 3 * least)
        return {"type": type, "at": self._at}
