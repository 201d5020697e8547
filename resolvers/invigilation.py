"""What invigilators do during a sitting, and what students are told of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

from resolvers.answers import DEFAULT_PAGE, Connection, Mutation, Payload, connection
from resolvers.context import Context
from tenants.user import User
from tp.domain import ids
from tp.domain.attempt import Attempt
from tp.domain.notices import Notice
from tp.domain.test import Test
from tp.services.invigilation.acts import Acted, InvigilationService, Whom
from tp.services.invigilation.overview import Overview
from tp.services.invigilation.progress import Progress
from tp.services.invigilation.watch import Filter, Sitter

Act = Callable[[InvigilationService, Context, Whom, Mapping[str, Any]], Awaitable[Acted]]


def _acting(act: Act) -> Mutation:
    async def acting(context: Context, input: Mapping[str, Any]) -> Payload:
        acted = await act(context.services.invigilation, context, _whom(input), input)
        context.left_work()
        return {"attempts": acted.attempts, "changed": acted.changed}

    return acting


extend = _acting(
    lambda service, context, whom, input: service.extend(
        context.scope, whom, input["minutes"], input["reason"], context.received_at
    )
)
pause = _acting(
    lambda service, context, whom, input: service.pause(context.scope, whom, input["reason"], context.received_at)
)
resume = _acting(
    lambda service, context, whom, input: service.resume(context.scope, whom, input["reason"], context.received_at)
)
force = _acting(
    lambda service, context, whom, input: service.force(context.scope, whom, input["reason"], context.received_at)
)


async def announce(context: Context, input: Mapping[str, Any]) -> Payload:
    notice = await context.services.invigilation.announce(
        context.scope, _whom(input), input["text"], context.received_at
    )
    return {"announcement": notice}


async def notices(attempt: Attempt, context: Context) -> list[Notice]:
    return await context.services.notices.of_attempt(context.scope, attempt)


def notice_id(notice: Notice, _: Context) -> str:
    return ids.notice_id(notice.test_id, notice.number)


def _whom(input: Mapping[str, Any]) -> Whom:
    named = input.get("attempt_ids")
    return Whom(input["test_id"], None if named is None else tuple(dict.fromkeys(named)), input.get("request_id"))


async def overview(context: Context, test_id: str) -> Overview:
    return await context.services.watching.overview(context.scope, test_id)


async def overviews(context: Context, test_id: str) -> AsyncIterator[Overview]:
    await context.services.watching.overview(context.scope, test_id)
    return context.services.watching.changes(context.scope, test_id)


async def students(
    context: Context,
    test_id: str,
    filter: Mapping[str, Any] | None = None,
    first: int = DEFAULT_PAGE,
    after: str | None = None,
) -> Connection:
    return connection(
        await context.services.watching.students(context.scope, test_id, Filter(**(filter or {})), after, first)
    )


async def test_of(overview: Overview, context: Context) -> Test:
    return await context.services.tests.get(context.scope, overview.test_id)


async def student(sitter: Sitter, context: Context) -> User | None:
    return await context.users.load(sitter.student_id)


async def attempt(sitter: Sitter, context: Context) -> Attempt | None:
    return None if sitter.entry is None else await context.attempts.load(sitter.entry.id)


async def progress(sitter: Sitter, context: Context) -> Progress | None:
    """Return how far somebody is; `None` before the attempt has begun."""
    found = await attempt(sitter, context)
    return None if found is None or found.started_at is None else await context.progress.load(found)
