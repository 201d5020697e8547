"""Whatever has an id, by its prefix."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from resolvers import people, questions, sitting, tests
from resolvers.context import Context
from tenants.roles import Permission
from tp.domain import ids

ALL = frozenset(Permission)
FINDERS: dict[str, tuple[frozenset[Permission], Callable[[Context, str], Awaitable[Any]]]] = {
    ids.TEST: (frozenset({Permission.SEE_TESTS, Permission.SIT_TESTS}), tests.test),
    ids.QUESTION: (frozenset({Permission.SEE_QUESTIONS}), questions.question),
    ids.ATTEMPT: (ALL, sitting.attempt),
    ids.USER: (ALL, people.user),
}
"""By prefix: whoever has one of the permissions may look."""


async def node(context: Context, id: str) -> Any:
    """Return what has the id; nothing when it is missing, foreign, or not to be seen by the asker."""
    any_of, find = FINDERS.get(id.partition("_")[0], (frozenset(), None))
    if find is None or not any_of & context.scope.permissions:
        return None
    return await find(context, id)
