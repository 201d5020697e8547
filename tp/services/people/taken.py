"""Which of the names that a call asks for the store holds already, and whose they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from store.port import Namespace
from tp.domain.problem import Code, Problem
from tp.services.people.new_user import NewUser
from tp.services.people.records import (
    BATCHES,
    EXTERNAL_IDS,
    LOGIN_NAMES,
    LoginName,
    external_key,
    login_key,
)

INTERRUPTED_SECONDS = 30.0
"""After so long a run that has not finished was interrupted: longer than a request may take."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What the store holds of a call: `ours[i]` is the login name that an earlier run of it wrote for user i."""

    ours: dict[int, LoginName]
    problems: list[Problem]

    def by_another_run(self, own: set[str], now: datetime) -> bool:
        """Tell whether a run that did not make the `own` user ids may still be writing."""
        return any(
            name.user_id not in own and (now - name.written_at).total_seconds() < INTERRUPTED_SECONDS
            for name in self.ours.values()
        )


async def find_taken(store: Namespace, users: Sequence[NewUser], batch: str, problems: Sequence[Problem]) -> Taken:
    """Look the names up; `problems` are those known before.

    Logins of an unfinished run of this call are `ours`, all others are problems.
    """
    names = [LOGIN_NAMES.found(e) for e in await store.get_many([login_key(user.login) for user in users])]
    ours = {number: name for number, name in enumerate(names) if name is not None and name.batch == batch}
    if ours and await store.get(BATCHES.key(batch)) is not None:
        ours = {}
    told = list(problems)
    for number, name in enumerate(names):
        if name is not None and number not in ours:
            told.append(Problem(Code.ALREADY_EXISTS, ("users", number, "login"), "this login is taken"))
    told.extend(await _external_problems(store, users, ours))
    return Taken(ours, told)


async def _external_problems(
    store: Namespace, users: Sequence[NewUser], ours: dict[int, LoginName]
) -> list[Problem]:
    given = [(number, user.external_id) for number, user in enumerate(users) if user.external_id is not None]
    entities = await store.get_many([external_key(external_id) for _, external_id in given])
    taken = []
    for (number, _), entity in zip(given, entities, strict=True):
        held = EXTERNAL_IDS.found(entity)
        if held is not None and (number not in ours or ours[number].user_id != held.user_id):
            path = ("users", number, "externalId")
            taken.append(Problem(Code.ALREADY_EXISTS, path, "this id is another user's"))
    return taken
