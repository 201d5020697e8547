"""The question bank."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from resolvers import inputs
from resolvers.answers import DEFAULT_PAGE, Connection, Payload, connection, problems_of
from resolvers.context import Context
from tp.domain.problem import Problem
from tp.domain.question import Passage, Question, Tags
from tp.errors import NotFound, Refused
from tp.services.authoring.specs import QuestionSpec


async def question(context: Context, id: str, version: int | None = None) -> Question | None:
    try:
        return await context.services.questions.get(context.scope, id, version)
    except NotFound:
        return None


async def questions(
    context: Context, first: int = DEFAULT_PAGE, after: str | None = None, filter: Mapping[str, Any] | None = None
) -> Connection:
    where = {("labels" if name == "label" else name): value for name, value in (filter or {}).items() if value}
    words = where.pop("search", "")
    return connection(await context.services.questions.page(context.scope, where, after, first, words))


async def passage_of(question: Question, context: Context) -> Passage | None:
    if question.passage_id is None:
        return None
    return await context.services.questions.passage(context.scope, question.passage_id)


async def create_questions(context: Context, input: Mapping[str, Any]) -> Payload:
    specs: list[QuestionSpec] = []
    problems: list[Problem] = []
    for place, asked in enumerate(input["questions"]):
        try:
            specs.append(inputs.question(asked, ("questions", place)))
        except ValidationError as invalid:
            problems += problems_of(invalid, ("questions", place))
        except Refused as refused:
            problems += refused.problems
    if problems:
        raise Refused(problems)
    written = await context.services.questions.create(context.scope, specs, context.received_at)
    return {"questions": written}


async def create_passage(context: Context, input: Mapping[str, Any]) -> Payload:
    title = inputs.localized(input["title"], ("title",)) if input.get("title") else None
    text = inputs.localized(input["text"], ("text",))
    passage = await context.services.questions.create_passage(context.scope, title, text, context.received_at)
    return {"passage": passage}


async def import_questions(context: Context, input: Mapping[str, Any]) -> Payload:
    tags = Tags.model_validate(inputs.given(input.get("tags") or {}, "subject", "topic", "difficulty", "labels"))
    read = await context.services.imports.read(
        context.scope,
        input["format"],
        input["content"],
        input["language"],
        tags,
        input["dry_run"],
        context.received_at,
    )
    if read.problems:
        raise Refused(
            Problem(p.code, ("content", p.line), f"line {p.line}: {p.message}" + _titled(p.title))
            for p in read.problems
        )
    return {"questions": read.questions, "losses": read.losses, "written": read.written}


def _titled(title: str | None) -> str:
    return f" (in “{title}”)" if title else ""
