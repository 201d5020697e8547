"""Simulated students: each step of a sitting is one request, made as the player makes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from api.cli.demo.client import Client
from bench import documents

QUESTIONS_A_BATCH = 4
"""Each is visited and answered: eight events."""


@dataclass
class Student:
    """Somebody with an access code, before the login as well as after it."""

    client: Client
    access_code: str
    test_id: str
    attempt_id: str = ""
    questions: list[Any] = field(default_factory=list)
    saved: int = 0

    async def log_in(self) -> None:
        self.client = await self.client.logged_in(accessCode=self.access_code)

    async def start(self) -> None:
        started = await self.client.do(documents.START, testId=self.test_id)
        self.attempt_id = started["attempt"]["id"]

    async def read_paper(self) -> None:
        attempt = await self.client.ask(documents.PAPER, id=self.attempt_id)
        self.questions = [each for section in attempt["paper"]["sections"] for each in section["questions"]]

    async def save(self) -> None:
        """Save the next batch."""
        seq = self.saved + 1
        events = self._events(seq)
        await self.client.do(documents.SAVE, attemptId=self.attempt_id, seq=seq, events=events)
        self.saved = seq

    async def resume(self) -> None:
        await self.client.ask(documents.RESUME, id=self.attempt_id)

    async def submit(self) -> None:
        await self.client.do(documents.SUBMIT, attemptId=self.attempt_id, lastSeq=self.saved)

    def _events(self, seq: int) -> list[dict[str, Any]]:
        events = []
        for place in range((seq - 1) * QUESTIONS_A_BATCH, seq * QUESTIONS_A_BATCH):
            question = self.questions[place % len(self.questions)]
            at, options = place * 40_000, question["options"]
            response = {"optionIds": [options[place % len(options)]["id"]]} if options else {"text": str(place)}
            events += [
                {"type": "VISIT", "at": at, "questionId": question["id"]},
                {"type": "ANSWER", "at": at + 30_000, "questionId": question["id"], "response": response},
            ]
        return events
