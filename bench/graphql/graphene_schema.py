"""The schema in graphene: what is compiled, and what stock graphene executes. Its SDL is everybody's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import graphene

from bench.graphql import data

QuestionType = graphene.Enum.from_enum(data.QuestionType)
AttemptState = graphene.Enum.from_enum(data.AttemptState)


def _listed(of: Any) -> Any:
    return graphene.NonNull(graphene.List(graphene.NonNull(of)))


class Choice(graphene.ObjectType):
    id = graphene.ID(required=True)
    text = graphene.String(required=True)


class MarkingRule(graphene.ObjectType):
    correct = graphene.String(required=True)
    wrong = graphene.String(required=True)


class Question(graphene.ObjectType):
    id = graphene.ID(required=True)
    number = graphene.Int(required=True)
    type = QuestionType(required=True)
    text = graphene.String(required=True)
    passage_id = graphene.ID()
    options = _listed(Choice)
    rows = _listed(Choice)
    columns = _listed(Choice)
    marking = graphene.NonNull(MarkingRule)


class Section(graphene.ObjectType):
    id = graphene.ID(required=True)
    title = graphene.String(required=True)
    subject = graphene.String()
    answer_any = graphene.Int()
    questions = _listed(Question)


class Passage(graphene.ObjectType):
    id = graphene.ID(required=True)
    title = graphene.String()
    text = graphene.String(required=True)


class Paper(graphene.ObjectType):
    id = graphene.ID(required=True)
    version = graphene.Int(required=True)
    title = graphene.String(required=True)
    instructions = graphene.String()
    sections = _listed(Section)
    passages = _listed(Passage)


class Student(graphene.ObjectType):
    id = graphene.ID(required=True)
    name = graphene.String(required=True)
    groups = _listed(graphene.String)


class SectionResult(graphene.ObjectType):
    section_id = graphene.ID(required=True)
    title = graphene.String(required=True)
    marks = graphene.String(required=True)
    correct = graphene.Int(required=True)
    wrong = graphene.Int(required=True)
    unanswered = graphene.Int(required=True)


class Result(graphene.ObjectType):
    marks = graphene.String(required=True)
    maximum = graphene.String(required=True)
    rank = graphene.Int(required=True)
    percentile = graphene.Float(required=True)
    sections = _listed(SectionResult)


class Attempt(graphene.ObjectType):
    id = graphene.ID(required=True)
    number = graphene.Int(required=True)
    state = AttemptState(required=True)
    student = graphene.NonNull(Student)
    started_at = graphene.DateTime(required=True)
    submitted_at = graphene.DateTime()
    result = graphene.Field(Result)
    paper = graphene.NonNull(Paper)


class Deadline(graphene.ObjectType):
    at = graphene.DateTime(required=True)
    reason = graphene.String(required=True)


class Acknowledgement(graphene.ObjectType):
    seq = graphene.Int(required=True)
    acked_seq = graphene.Int(required=True)
    server_now = graphene.DateTime(required=True)
    deadline = graphene.NonNull(Deadline)


class UserError(graphene.ObjectType):
    code = graphene.String(required=True)
    path = _listed(graphene.String)
    message = graphene.String(required=True)


class SavePayload(graphene.ObjectType):
    acknowledgement = graphene.Field(Acknowledgement)
    user_errors = _listed(UserError)


class ResponseInput(graphene.InputObjectType):
    option_ids = graphene.List(graphene.NonNull(graphene.ID))
    text = graphene.String()


class EventInput(graphene.InputObjectType):
    type = graphene.String(required=True)
    at = graphene.Int(required=True)
    question_id = graphene.ID(required=True)
    response = graphene.InputField(ResponseInput)


class SaveResponsesInput(graphene.InputObjectType):
    attempt_id = graphene.ID(required=True)
    seq = graphene.Int(required=True)
    events = _listed(EventInput)


class Query(graphene.ObjectType):
    attempt = graphene.Field(Attempt, id=graphene.ID(required=True))
    attempts = graphene.Field(
        _listed(Attempt), test_id=graphene.ID(required=True), first=graphene.Int(default_value=20)
    )

    @staticmethod
    def resolve_attempt(attempts: Sequence[data.Attempt], _: Any, id: str) -> data.Attempt:
        return attempts[0]

    @staticmethod
    def resolve_attempts(
        attempts: Sequence[data.Attempt], _: Any, test_id: str, first: int
    ) -> Sequence[data.Attempt]:
        return attempts[:first]


class Mutation(graphene.ObjectType):
    save_responses = graphene.Field(SavePayload, input=graphene.Argument(SaveResponsesInput, required=True))

    @staticmethod
    def resolve_save_responses(_: Any, __: Any, input: Any) -> data.SavePayload:
        return data.save(input.seq)


schema = graphene.Schema(query=Query, mutation=Mutation)
