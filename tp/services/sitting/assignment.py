"""Who may sit a test, and under which conditions: assignments to users and to groups."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pydantic import JsonValue

from store.paging import every
from store.port import Mutation, Put, Query
from tenants.roles import Permission
from tenants.scope import TenantScope
from tenants.user import User
from tp.domain.accommodation import Accommodation, Conditions, check_accommodation, resolve
from tp.domain.problem import Code, Problem
from tp.domain.test import Test, TestState
from tp.errors import Refused
from tp.services import audit
from tp.services.outbox import preparation
from tp.services.people.new_user import GROUP_LENGTH, tidy
from tp.services.people.records import USERS
from tp.services.tests import load_own_test
from tp.tables import ASSIGNMENTS, OUTBOX, Assignment

MAX_SUBJECTS = 400
"""Users and groups in one call: with the audit record they fit one commit."""


GROUP = "group:"


def group_subject(group: str) -> str:
    return f"{GROUP}{group}"


def group_of(subject: str) -> str | None:
    """Return the group that a subject is, `None` for a user."""
    return subject.removeprefix(GROUP) if subject.startswith(GROUP) else None


def subjects_of(user: User) -> list[str]:
    """Return the subjects whose assignments reach a user, the weakest first: groups, then the user."""
    return [*map(group_subject, user.groups), user.id]


def conditions_of(test: Test, assignments: Sequence[Assignment | None]) -> Conditions | None:
    """Merge the test's defaults with assignments in the order of `subjects_of`; `None` when not assigned."""
    held = [assignment.accommodation for assignment in assignments if assignment is not None]
    return resolve([test.accommodation, *held]) if held else None


class AssignmentService:
    """Assigning tests, and finding what is assigned."""

    async def assign(
        self,
        scope: TenantScope,
        test_id: str,
        user_ids: Sequence[str],
        groups: Sequence[str],
        accommodation: Accommodation,
        now: datetime,
    ) -> Test:
        """Give a test to users and groups; giving it again replaces the accommodation.

        Raises NotFound, PermissionDenied, Refused (unknown users, nobody named, too many, an accommodation out
        of range).
        """
        test = await load_own_test(scope, test_id, Permission.AUTHOR)
        groups = [tidy(group) for group in groups]
        subjects = [*dict.fromkeys(user_ids), *map(group_subject, dict.fromkeys(groups))]
        problems = await self._problems(scope, test, user_ids, groups, len(subjects))
        problems += check_accommodation(accommodation, ("accommodation",))
        if problems:
            raise Refused(problems)
        mutations: list[Mutation] = [
            Put(
                ASSIGNMENTS.entity(
                    Assignment(test_id=test.id, subject=subject, accommodation=accommodation, assigned_at=now)
                )
            )
            for subject in subjects
        ]
        details: dict[str, JsonValue] = {"users": len(set(user_ids)), "groups": [*sorted(set(groups))]}
        ahead = preparation(test, now)
        if ahead is not None:
            mutations.append(Put(OUTBOX.entity(ahead)))
        await scope.store.commit([*mutations, audit.entry(scope, now, "test.assign", test.id, details)])
        return test

    async def _problems(
        self, scope: TenantScope, test: Test, user_ids: Sequence[str], groups: Sequence[str], count: int
    ) -> list[Problem]:
        if count == 0:
            return [Problem(Code.REQUIRED, (), "name at least one user or group")]
        if count > MAX_SUBJECTS:
            return [Problem(Code.TOO_MANY, (), f"at most {MAX_SUBJECTS} users and groups in one call")]
        if test.state is TestState.ARCHIVED:
            return [Problem(Code.INVALID_STATE, ("testId",), "the test is archived")]
        found = await scope.store.get_many([USERS.asked(id) for id in user_ids])
        problems = [
            Problem(Code.NOT_FOUND, ("userIds", place), "no such user")
            for place, user in enumerate(found)
            if user is None
        ]
        problems += [
            Problem(Code.INVALID, ("groups", place), f"a group's name has 1 to {GROUP_LENGTH} characters")
            for place, group in enumerate(groups)
            if not 1 <= len(group) <= GROUP_LENGTH
        ]
        return problems

    async def tests_of(self, scope: TenantScope) -> list[str]:
        """Return the ids of the tests assigned to the principal, itself or through its groups."""
        scope.require(Permission.SIT_TESTS)
        user = USERS.found(await scope.store.get(USERS.key(scope.principal.id)))
        ids: dict[str, None] = {}
        for subject in subjects_of(user) if user else []:
            query = Query(ASSIGNMENTS.kind.name, where={"subject": subject}, limit=500)
            async for entity in every(scope.store, query):
                ids[ASSIGNMENTS.record(entity).test_id] = None
        return list(ids)

    async def is_assigned(self, scope: TenantScope, test_id: str) -> bool:
        """Tell whether a test is assigned to the principal, itself or through a group."""
        scope.require(Permission.SIT_TESTS)
        user = USERS.found(await scope.store.get(USERS.key(scope.principal.id)))
        subjects = subjects_of(user) if user else []
        found = await scope.store.get_many([ASSIGNMENTS.asked(f"{test_id}:{subject}") for subject in subjects])
        return any(entity is not None for entity in found)
