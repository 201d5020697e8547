"""The key of the sitting: mistyped in one question before anybody sits, and put right after the report."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from api.cli.demo import documents
from api.cli.demo.client import Client
from api.cli.demo.cohort import POLL_SECONDS, read_results
from api.cli.failure import Failure

SCORED_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the paper as staff see it. `options`: ids by text."""

    id: str
    number: int
    subject: str
    options: dict[str, str]


async def paper_by_text(teacher: Client, test_id: str) -> dict[str, Asked]:
    paper = (await teacher.ask(documents.TEST_PAPER, id=test_id))["paper"]
    return {
        question["text"]: Asked(
            question["id"],
            question["number"],
            section["subject"],
            {option["text"]: option["id"] for option in question["options"]},
        )
        for section in paper["sections"]
        for question in section["questions"]
    }


async def set_key(teacher: Client, test_id: str, question: Asked, answer: str, reason: str) -> int:
    """Let an option be what is right; return the version of the key that says so."""
    key = {"correct": [question.options[answer]]}
    correction = {"questionId": question.id, "key": key}
    done = await teacher.do(documents.CORRECT, testId=test_id, corrections=[correction], reason=reason)
    version: int = done["test"]["keyVersion"]
    return version


async def results_under(teacher: Client, test_id: str, version: int) -> list[Any]:
    """Return every attempt with its marks when all are scored by a version of the key. Raises Failure."""
    try:
        async with asyncio.timeout(SCORED_SECONDS):
            while True:
                results = await read_results(teacher, test_id)
                if all(attempt["result"]["keyVersion"] == version for attempt in results):
                    return results
                await asyncio.sleep(POLL_SECONDS)
    except TimeoutError:
        raise Failure(f"not every attempt is scored anew within {SCORED_SECONDS:g} seconds") from None


def moved(before: Sequence[Any], after: Sequence[Any]) -> list[Fraction]:
    """Return by how much totals moved, of those that did."""
    was = {attempt["id"]: Fraction(attempt["result"]["total"]["marks"]) for attempt in before}
    differences = (Fraction(attempt["result"]["total"]["marks"]) - was[attempt["id"]] for attempt in after)
    return [difference for difference in differences if difference]
