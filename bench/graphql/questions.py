"""What is asked: the same four operations of everybody."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from graphql import get_introspection_query


@dataclass(frozen=True, slots=True)
class Question:
    """`name` stands over its column in the tables."""

    name: str
    text: str
    variables: dict[str, Any] = field(default_factory=dict)


PAPER = Question(
    "paper",
    """query Paper($id: ID!) { attempt(id: $id) { paper { id version title instructions
  sections { id title subject answerAny questions { id number type text passageId
    options { id text } rows { id text } columns { id text } marking { correct wrong } } }
  passages { id title text } } } }""",
    {"id": "att_000001"},
)
STAFF = Question(
    "staff list",
    """query Staff($testId: ID!, $first: Int!) { attempts(testId: $testId, first: $first) {
  id number state startedAt submittedAt student { id name groups }
  result { marks maximum rank percentile sections { sectionId title marks correct wrong unanswered } } } }""",
    {"testId": "tst_1", "first": 100},
)
SAVE = Question(
    "mutation",
    """mutation Save($input: SaveResponsesInput!) { saveResponses(input: $input) {
  acknowledgement { seq ackedSeq serverNow deadline { at reason } } userErrors { code path message } } }""",
    {
        "input": {
            "attemptId": "att_000001",
            "seq": 7,
            "events": [
                event
                for number in range(1, 5)
                for event in (
                    {"type": "VISIT", "at": number * 1000, "questionId": f"qst_{number:06}"},
                    {
                        "type": "ANSWER",
                        "at": number * 1000 + 500,
                        "questionId": f"qst_{number:06}",
                        "response": {"optionIds": [f"opt_{number}_1"]},
                    },
                )
            ],
        }
    },
)
INTROSPECTION = Question("introspection", get_introspection_query())

QUESTIONS = (PAPER, STAFF, SAVE, INTROSPECTION)
