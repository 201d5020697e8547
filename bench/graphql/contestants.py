"""Everybody who is measured in Python: a process that times a round of a question whenever it is asked.

It prints what each answers, by contestant and question, then reads names of questions and prints milliseconds by
contestant: a line of JSON each time.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from typing import Any

import orjson
from ariadne import graphql_sync
from graphql import GraphQLSchema, execute, parse, validate

from bench.graphql import data, hand_written
from bench.graphql.ariadne_schema import schema as ariadne_schema
from bench.graphql.endpoints import compiled_batches, hand_written_batches
from bench.graphql.graphene_schema import schema as graphene_schema
from bench.graphql.names import Name
from bench.graphql.questions import PAPER, QUESTIONS, SAVE, STAFF, Question
from bench.graphql.strawberry_schema import schema as strawberry_schema
from bench.graphql.timing import Batch, Timed, repeated
from graphql_compiler import Frozen, compile_operation

Answers = dict[str, Callable[[], Any]]
"""What answers each question, by its name."""


def main() -> None:
    attempts = data.make_attempts(data.make_paper())
    answers: dict[Name, Answers] = {
        Name.COMPILED: {each.name: _compiled(attempts, each) for each in QUESTIONS},
        Name.FROZEN: {PAPER.name: _compiled(attempts, PAPER, Frozen({"Paper": _paper_key}))},
        Name.GRAPHENE: {each.name: _graphene(attempts, each) for each in QUESTIONS},
        Name.STRAWBERRY: {each.name: _strawberry(attempts, each) for each in QUESTIONS},
        Name.ARIADNE: {each.name: _ariadne(attempts, each) for each in QUESTIONS},
        Name.HAND_WRITTEN: {
            PAPER.name: lambda: hand_written.paper(attempts[0]),
            STAFF.name: lambda: hand_written.staff_list(attempts),
            SAVE.name: lambda: hand_written.save(SAVE.variables["input"]["seq"]),
        },
    }
    batches: dict[Name, dict[str, Batch]] = {
        name: {question: repeated(answer) for question, answer in answered.items()}
        for name, answered in answers.items()
    }
    batches |= _steps(attempts)
    batches[Name.ENDPOINT_COMPILED] = compiled_batches(graphene_schema.graphql_schema, attempts, QUESTIONS)
    batches[Name.ENDPOINT_HAND_WRITTEN] = hand_written_batches(attempts)
    timed = {
        question.name: {name: Timed(of[question.name]) for name, of in batches.items() if question.name in of}
        for question in QUESTIONS
    }
    print(json.dumps({name: {q: json.loads(a()) for q, a in of.items()} for name, of in answers.items()}))
    for line in iter(sys.stdin.readline, ""):
        sys.stdout.flush()
        print(json.dumps({name: each.round() for name, each in timed[line.rstrip("\n")].items()}), flush=True)


def _compiled(
    attempts: Sequence[data.Attempt], question: Question, frozen: Frozen | None = None
) -> Callable[[], Any]:
    schema: GraphQLSchema = graphene_schema.graphql_schema
    operation = compile_operation(schema, parse(question.text), frozen=frozen)
    return lambda: operation.execute_bytes(attempts, None, question.variables)


def _paper_key(paper: data.Paper, _: object) -> tuple[str, int]:
    return paper.id, paper.version


def _graphene(attempts: Sequence[data.Attempt], question: Question) -> Callable[[], str]:
    return lambda: json.dumps(
        graphene_schema.execute(question.text, root=attempts, variables=question.variables).formatted
    )


def _strawberry(attempts: Sequence[data.Attempt], question: Question) -> Callable[[], str]:
    def answer() -> str:
        result = strawberry_schema.execute_sync(
            question.text, variable_values=question.variables, root_value=attempts
        )
        return json.dumps({"data": result.data})

    return answer


def _ariadne(attempts: Sequence[data.Attempt], question: Question) -> Callable[[], str]:
    sent = {"query": question.text, "variables": question.variables}
    return lambda: json.dumps(graphql_sync(ariadne_schema, sent, root_value=attempts)[1])


def _steps(attempts: Sequence[data.Attempt]) -> dict[Name, dict[str, Batch]]:
    """Return what stock graphene does for an answer, each step by itself."""
    schema: GraphQLSchema = graphene_schema.graphql_schema
    steps: dict[Name, dict[str, Batch]] = {
        name: {} for name in (Name.PARSE, Name.VALIDATE, Name.EXECUTE, Name.JSON, Name.ORJSON)
    }
    for question in QUESTIONS:
        text, variables, document = question.text, question.variables, parse(question.text)

        def run(document: Any = document, variables: Any = variables) -> Any:
            return execute(schema, document, attempts, variable_values=variables)

        result = run()
        steps[Name.PARSE][question.name] = repeated(lambda text=text: parse(text))  # type: ignore[misc]
        steps[Name.VALIDATE][question.name] = repeated(lambda document=document: validate(schema, document))  # type: ignore[misc]
        steps[Name.EXECUTE][question.name] = repeated(run)
        steps[Name.JSON][question.name] = repeated(lambda result=result: json.dumps(result.formatted))  # type: ignore[misc]
        steps[Name.ORJSON][question.name] = repeated(lambda result=result: orjson.dumps(result.formatted))  # type: ignore[misc]
    return steps


if __name__ == "__main__":
    main()
