"""The schema in strawberry, over the same objects."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

import strawberry

from bench.graphql import data

strawberry.enum(data.QuestionType)
strawberry.enum(data.AttemptState)


@strawberry.type
class Choice:
    id: strawberry.ID
    text: str


@strawberry.type
class MarkingRule:
    correct: str
    wrong: str


@strawberry.type
class Question:
    id: strawberry.ID
    number: int
    type: data.QuestionType
    text: str
    passage_id: strawberry.ID | None
    options: list[Choice]
    rows: list[Choice]
    columns: list[Choice]
    marking: MarkingRule


@strawberry.type
class Section:
    id: strawberry.ID
    title: str
    subject: str | None
    answer_any: int | None
    questions: list[Question]


@strawberry.type
class Passage:
    id: strawberry.ID
    title: str | None
    text: str


@strawberry.type
class Paper:
    id: strawberry.ID
    version: int
    title: str
    instructions: str | None
    sections: list[Section]
    passages: list[Passage]


@strawberry.type
class Student:
    id: strawberry.ID
    name: str
    groups: list[str]


@strawberry.type
class SectionResult:
    section_id: strawberry.ID
    title: str
    marks: str
    correct: int
    wrong: int
    unanswered: int


@strawberry.type
class Result:
    marks: str
    maximum: str
    rank: int
    percentile: float
    sections: list[SectionResult]


@strawberry.type
class Attempt:
    id: strawberry.ID
    number: int
    state: data.AttemptState
    student: Student
    started_at: datetime
    submitted_at: datetime | None
    result: Result | None
    paper: Paper


@strawberry.type
class Deadline:
    at: datetime
    reason: str


@strawberry.type
class Acknowledgement:
    seq: int
    acked_seq: int
    server_now: datetime
    deadline: Deadline


@strawberry.type
class UserError:
    code: str
    path: list[str]
    message: str


@strawberry.type
class SavePayload:
    acknowledgement: Acknowledgement | None
    user_errors: list[UserError]


@strawberry.input
class ResponseInput:
    option_ids: list[strawberry.ID] | None = None
    text: str | None = None


@strawberry.input
class EventInput:
    type: str
    at: int
    question_id: strawberry.ID
    response: ResponseInput | None = None


@strawberry.input
class SaveResponsesInput:
    attempt_id: strawberry.ID
    seq: int
    events: list[EventInput]


@strawberry.type
class Query:
    @strawberry.field
    def attempt(self: Any, id: strawberry.ID) -> Attempt | None:
        return cast(Attempt, self[0])

    @strawberry.field
    def attempts(self: Any, test_id: strawberry.ID, first: int = 20) -> list[Attempt]:
        return cast(list[Attempt], self[:first])


@strawberry.type
class Mutation:
    @strawberry.mutation
    def save_responses(self: Any, input: SaveResponsesInput) -> SavePayload | None:
        return cast(SavePayload, data.save(input.seq))


schema = strawberry.Schema(query=Query, mutation=Mutation)
