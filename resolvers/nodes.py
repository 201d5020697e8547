"""Whatever has an id, by its prefix."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from resolvers import people, questions, sitting, tests
from resolvers.context import Context
from tenants.roles import Permission
from tp.domain import ids

FINDERS: dict[str, tuple[Permission | None, Callable[[Context, str], Awaitable[Any]]]] = {
    ids.TEST: (None, tests.test),
    ids.QUESTION: (Permission.SEE_QUESTIONS, questions.question),
    ids.ATTEMPT: (None, sitting.attempt),
    ids.USER: (None, people.user),
}


async def node(context: Context, id: str) -> Any:
    """Return what has the id; nothing when it is missing, foreign, or not to be seen by the asker."""
    needed, find = FINDERS.get(id.partition("_")[0], (None, None))
    if find is None or (needed is not None and not context.scope.may(needed)):
        return None
    return await find(context, id)
