"""Preparing: everybody's attempt is inserted before the window opens, so that a start is an update.

Ten thousand inserts in one minute would meet a cold key range; here they come at the rate that it takes.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from datetime import datetime

from pydantic import JsonValue

from store.errors import AlreadyExists, Conflict
from store.port import Insert, Namespace, Query
from tenants.roles import Permission, permissions_of
from tenants.user import User
from tp.clock import Entropy
from tp.domain.attempt import Attempt, AttemptState
from tp.domain.ids import attempt_id
from tp.domain.pace import earliest
from tp.domain.test import Test, TestState
from tp.domain.value import Frozen
from tp.services.people.records import USERS
from tp.services.sitting.assignment import group_of
from tp.services.steps import Step, Work
from tp.services.tests import load_test
from tp.tables import ASSIGNMENTS, ATTEMPTS

CHUNK = 100
MAX_RUNS = 5
"""How often a chunk is tried again because its students started meanwhile."""


class Place(Frozen):
    """`cursor` in the assignments, `None` at their beginning, `over` at their end; the groups read there that are
    still to be gone through, and a cursor in the first of them."""

    cursor: str | None = None
    over: bool = False
    groups: tuple[str, ...] = ()
    members: str | None = None
    done: int = 0


class Pace:
    """Lets writes pass no faster than a cold key range takes them."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._written = 0

    async def spend(self, writes: int) -> None:
        self._written += writes
        await asyncio.sleep(max(0.0, self._began + earliest(self._written) - time.monotonic()))


class PrepareService:
    def __init__(self, entropy: Entropy) -> None:
        self._entropy = entropy

    def work(self, store: Namespace, test_id: str, opens_at: datetime) -> Work:
        """Return the work of preparing a first attempt for everybody to whom a test is assigned.

        Nothing is done when the test does not open at that instant any more: then another task does it.
        """
        pace = Pace()

        async def step(at: JsonValue) -> Step:
            place = Place.model_validate(at or {})
            test = await load_test(store, test_id)
            if test.state is not TestState.PUBLISHED or test.schedule.opens_at != opens_at:
                return Step(place.done)
            students, place = await _next(store, test_id, place)
            inserted = await self._insert(store, test, students)
            await pace.spend(inserted)
            place = place.model_copy(update={"done": place.done + inserted})
            over = place.over and not place.groups
            return Step(place.done, None, None if over else place.model_dump(mode="json"))

        return step

    async def _insert(self, store: Namespace, test: Test, students: Sequence[User]) -> int:
        attempts = {id: self._prepared(test, id) for id in (user.id for user in students if _may_sit(user))}
        for _ in range(MAX_RUNS):
            found = await store.get_many([ATTEMPTS.key(attempt.id) for attempt in attempts.values()])
            missing = [a for a, there in zip(attempts.values(), found, strict=True) if there is None]
            try:
                if missing:
                    await store.commit([Insert(ATTEMPTS.entity(attempt)) for attempt in missing])
                return len(missing)
            except AlreadyExists:
                continue
        raise Conflict(MAX_RUNS)

    def _prepared(self, test: Test, student_id: str) -> Attempt:
        assert test.paper_version is not None
        return Attempt(
            id=attempt_id(test.id, student_id, 1),
            test_id=test.id,
            student_id=student_id,
            number=1,
            state=AttemptState.PREPARED,
            paper_version=test.paper_version,
            seed=int.from_bytes(self._entropy(6), "big"),
        )


async def _next(store: Namespace, test_id: str, place: Place) -> tuple[list[User], Place]:
    """Return the next users to whom the test is assigned, and the place behind them."""
    if place.groups:
        query = Query(USERS.kind.name, where={"groups": place.groups[0]}, limit=CHUNK, cursor=place.members)
        page = await store.query(query)
        groups = place.groups if page.next is not None else place.groups[1:]
        return USERS.records(page.entities), place.model_copy(update={"groups": groups, "members": page.next})
    page = await store.query(Query(ASSIGNMENTS.kind.name, {"test": test_id}, limit=CHUNK, cursor=place.cursor))
    subjects = [assignment.subject for assignment in ASSIGNMENTS.records(page.entities)]
    groups = tuple(group for group in map(group_of, subjects) if group is not None)
    users = await store.get_many([USERS.key(subject) for subject in subjects if group_of(subject) is None])
    behind = {"cursor": page.next, "over": page.next is None, "groups": groups, "members": None}
    return USERS.records(user for user in users if user is not None), place.model_copy(update=behind)


def _may_sit(user: User) -> bool:
    return Permission.SIT_TESTS in permissions_of(frozenset(user.roles))
