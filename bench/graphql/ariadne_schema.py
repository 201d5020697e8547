"""The schema in ariadne, over the same objects: the SDL of graphene's, with resolvers bound to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ariadne import EnumType, MutationType, QueryType, ScalarType, make_executable_schema

from bench.graphql import data
from bench.graphql.graphene_schema import schema as graphene_schema

query = QueryType()
mutation = MutationType()
date_time = ScalarType("DateTime", serializer=lambda at: at.isoformat())


@query.field("attempt")
def attempt(attempts: Sequence[data.Attempt], _: Any, id: str) -> data.Attempt:
    return attempts[0]


@query.field("attempts")
def attempts(attempts: Sequence[data.Attempt], _: Any, test_id: str, first: int) -> Sequence[data.Attempt]:
    return attempts[:first]


@mutation.field("saveResponses")
def save_responses(_: Any, __: Any, input: dict[str, Any]) -> data.SavePayload:
    return data.save(input["seq"])


schema = make_executable_schema(
    str(graphene_schema),
    [
        query,
        mutation,
        date_time,
        EnumType("QuestionType", data.QuestionType),
        EnumType("AttemptState", data.AttemptState),
    ],
    convert_names_case=True,
)
