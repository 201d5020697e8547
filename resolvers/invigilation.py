"""What invigilators do during a sitting, and what students are told of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from resolvers.answers import Mutation, Payload
from resolvers.context import Context
from tp.domain import ids
from tp.domain.attempt import Attempt
from tp.domain.notices import Notice
from tp.services.invigilation.acts import Acted, InvigilationService, Whom

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
