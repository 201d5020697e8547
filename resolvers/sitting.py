"""The path of a student through an attempt."""

from __future__ import annotations

import asyncio
from asyncio import Future
from collections.abc import Mapping
from typing import Any

from resolvers import inputs
from resolvers.answers import DEFAULT_PAGE, Connection, Payload, connection
from resolvers.context import Context
from tenants.user import User
from tp.domain.attempt import Attempt, AttemptState
from tp.domain.behaviour import Behaviour
from tp.domain.deadline import Deadline
from tp.domain.log import Sitting
from tp.domain.palette import PaletteState
from tp.domain.paper import Paper
from tp.domain.response import Response
from tp.domain.test import Test
from tp.errors import NotFound
from tp.services.sitting.save import Client, Origin


async def start_attempt(context: Context, input: Mapping[str, Any]) -> Payload:
    attempt = await context.services.starting.start(
        context.scope,
        input["test_id"],
        input["number"],
        context.received_at,
        input.get("device"),
        take_over=input["take_over"],
    )
    return {"attempt": attempt}


async def save_responses(context: Context, input: Mapping[str, Any]) -> Payload:
    acknowledgement = await context.services.saving.save(
        context.scope,
        input["attempt_id"],
        input["seq"],
        [inputs.event(event, ("events", place)) for place, event in enumerate(input["events"])],
        context.received_at,
        Origin(context.address, context.agent),
        Client(input.get("device"), input.get("notices_after")),
    )
    return {"acknowledgement": acknowledgement}


async def submit_attempt(context: Context, input: Mapping[str, Any]) -> Payload:
    attempt = await context.services.closing.submit(
        context.scope, input["attempt_id"], input["last_seq"], input["allow_missing"], context.received_at
    )
    context.left_work()
    return {"attempt": attempt}


async def attempt(context: Context, id: str) -> Attempt | None:
    try:
        return await context.services.attempts.get(context.scope, id)
    except NotFound:
        return None


async def attempts(
    context: Context,
    test_id: str,
    first: int = DEFAULT_PAGE,
    after: str | None = None,
    state: AttemptState | None = None,
) -> Connection:
    return connection(await context.services.attempts.of_test(context.scope, test_id, state, after, first))


def student(attempt: Attempt, context: Context) -> Future[User | None]:
    return context.users.load(attempt.student_id)


async def test_of(attempt: Attempt, context: Context) -> Test:
    return await context.services.attempts.test_of(context.scope, attempt)


async def deadline(attempt: Attempt, context: Context) -> Deadline | None:
    return await context.services.attempts.deadline(context.scope, attempt)


async def paper(attempt: Attempt, context: Context) -> Paper | None:
    paper = await context.services.attempts.paper(context.scope, attempt)
    return paper and await context.shown(paper)


async def acked_seq(attempt: Attempt, context: Context) -> int:
    return (await _sitting(attempt, context)).acked_seq


async def current_question_id(attempt: Attempt, context: Context) -> str | None:
    return (await _sitting(attempt, context)).current


async def palette(attempt: Attempt, context: Context) -> list[tuple[str, PaletteState]]:
    return list((await _sitting(attempt, context)).palette.items())


async def responses(attempt: Attempt, context: Context) -> list[tuple[str, Response]] | None:
    if not await context.services.attempts.may_see_responses(context.scope, attempt):
        return None
    return list((await _sitting(attempt, context)).responses.items())


async def behaviour(attempt: Attempt, context: Context) -> Behaviour | None:
    return await context.services.attempts.behaviour(context.scope, attempt)


async def _sitting(attempt: Attempt, context: Context) -> Sitting:
    """Fold the log once, however many fields ask for it."""
    folding = context.sittings.get(attempt.id)
    if folding is None:
        folding = asyncio.ensure_future(context.services.attempts.sitting(context.scope, attempt))
        context.sittings[attempt.id] = folding
    return await folding
