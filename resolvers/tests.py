"""Tests: written, published, assigned, released."""

from __future__ import annotations

from asyncio import Future
from collections.abc import Mapping
from typing import Any

from resolvers import inputs
from resolvers.answers import DEFAULT_PAGE, Connection, Payload, connection, wire
from resolvers.context import Context
from resolvers.inputs import Input, given
from tenants.roles import Permission
from tenants.user import User
from tp.domain.paper import KeyEntry, Paper
from tp.domain.problem import Code
from tp.domain.question import Question
from tp.domain.test import Gates, Placement, Schedule, Test, TestState
from tp.errors import NotFound, Refused
from tp.services.authoring.tests import SectionSpec, TestChanges
from tp.services.listing import Listing

SET_AS_GIVEN = (
    "title",
    "instructions",
    "duration_seconds",
    "grace_seconds",
    "declared_total",
    "shuffle_questions",
    "shuffle_options",
    "attempts_allowed",
)


async def test(context: Context, id: str) -> Test | None:
    try:
        return await context.services.tests.get(context.scope, id)
    except NotFound:
        return None


async def tests(
    context: Context, first: int = DEFAULT_PAGE, after: str | None = None, state: TestState | None = None
) -> Connection:
    return connection(await context.services.tests.page(context.scope, state, after, first))


async def create_test(context: Context, input: Mapping[str, Any]) -> Payload:
    changes = _changes(input)
    if changes.scheme is None:
        raise Refused.because(Code.REQUIRED, ("marking",), "say how the test is marked")
    created = await context.services.tests.create(context.scope, changes, context.received_at)
    return {"test": created}


async def update_test(context: Context, input: Mapping[str, Any]) -> Payload:
    changed = await context.services.tests.update(
        context.scope, input["test_id"], _changes(input), context.received_at
    )
    context.left_work()
    return {"test": changed}


async def publish_test(context: Context, input: Mapping[str, Any]) -> Payload:
    published = await context.services.publishing.publish(context.scope, input["test_id"], context.received_at)
    context.left_work()
    return {"test": published}


async def close_test(context: Context, input: Mapping[str, Any]) -> Payload:
    return {"test": await context.services.publishing.close(context.scope, input["test_id"], context.received_at)}


async def assign_test(context: Context, input: Mapping[str, Any]) -> Payload:
    assigned = await context.services.assignments.assign(
        context.scope,
        input["test_id"],
        input.get("user_ids") or (),
        input.get("groups") or (),
        inputs.accommodation(input.get("accommodation")),
        context.received_at,
    )
    context.left_work()
    return {"test": assigned}


async def release_results(context: Context, input: Mapping[str, Any]) -> Payload:
    gates = Gates.model_validate(given(input, *Gates.model_fields))
    return {
        "test": await context.services.results.release(context.scope, input["test_id"], gates, context.received_at)
    }


def owner(test: Test, context: Context) -> Future[User | None]:
    return context.users.load(test.owner_id)


def placed_question(placement: Placement, context: Context) -> Future[Question | None]:
    return context.questions.load((placement.question_id, placement.version))


async def paper(test: Test, context: Context) -> Paper | None:
    """The paper as staff see it: in its author's order."""
    paper = await context.services.publishing.paper(context.scope, test)
    return paper and await context.shown(paper)


async def answer_key(test: Test, context: Context) -> list[tuple[str, KeyEntry]] | None:
    key = await context.services.results.key_in_force(context.scope, test)
    return None if key is None else list(key.entries.items())


async def problems(test: Test, context: Context) -> list[Payload]:
    return [wire(problem) for problem in await context.services.publishing.problems(context.scope, test)]


async def warnings(test: Test, context: Context) -> list[Payload]:
    return [wire(problem) for problem in await context.services.publishing.warnings(context.scope, test)]


async def attempts(
    test: Test, context: Context, first: int = DEFAULT_PAGE, after: str | None = None, state: Any = None
) -> Connection:
    """All attempts to staff, to a student its own."""
    services, scope = context.services, context.scope
    if scope.may(Permission.SEE_ATTEMPTS):
        return connection(await services.attempts.of_test(scope, test.id, state, after, first))
    own = [a for a in await services.attempts.own(scope, test) if state is None or a.state is state]
    return connection(Listing(tuple(own), tuple(str(a.number) for a in own), None))


def _changes(input: Input) -> TestChanges:
    sections = input.get("sections")
    schedule = input.get("schedule")
    return TestChanges(
        **given(input, *SET_AS_GIVEN),
        sections=None if sections is None else tuple(map(_section, range(len(sections)), sections)),
        schedule=None if schedule is None else Schedule.model_validate(dict(schedule)),
        scheme=inputs.scheme(input.get("marking"), ("marking",)),
        accommodation=inputs.accommodation(input["accommodation"]) if input.get("accommodation") else None,
    )


def _section(place: int, input: Input) -> SectionSpec:
    return SectionSpec(
        **given(input, "title", "subject", "answer_any"),
        scheme=inputs.scheme(input.get("marking"), ("sections", place, "marking")),
        questions=tuple(
            Placement(
                **given(placed, "question_id", "version", "marks"),
                rule=inputs.rule_if_given(placed.get("marking")),
            )
            for placed in input.get("questions") or ()
        ),
    )
