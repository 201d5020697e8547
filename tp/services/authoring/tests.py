"""Writing tests: a draft may be changed at will, a published test only in its window."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from store.errors import TooLarge
from store.port import Insert, Query, Transaction
from tenants.roles import Permission
from tenants.scope import TenantScope
from tp.clock import Entropy
from tp.domain.accommodation import Accommodation
from tp.domain.ids import SECTION, TEST, new_id
from tp.domain.marking import Scheme
from tp.domain.problem import Code
from tp.domain.publishing import check_schedule
from tp.domain.test import Placement, Schedule, Section, Test, TestState
from tp.domain.value import Frozen, Marks
from tp.errors import NotFound, Refused
from tp.services import audit
from tp.services.listing import Listing, listing
from tp.services.outbox import preparation
from tp.services.sitting.assignment import AssignmentService
from tp.services.tests import RecentTests, change_own_test
from tp.tables import OUTBOX, TESTS, Chore, OutboxRecord

PAGE_LIMIT = 100


class SectionSpec(Frozen):
    title: str
    subject: str | None = None
    scheme: Scheme | None = None
    answer_any: int | None = None
    questions: tuple[Placement, ...] = ()


class TestChanges(Frozen):
    """What an author sets; `None` leaves a field as it is, or at its default."""

    title: str | None = None
    instructions: str | None = None
    sections: tuple[SectionSpec, ...] | None = None
    schedule: Schedule | None = None
    duration_seconds: int | None = None
    grace_seconds: int | None = None
    scheme: Scheme | None = None
    declared_total: Marks | None = None
    shuffle_questions: bool | None = None
    shuffle_options: bool | None = None
    attempts_allowed: int | None = None
    accommodation: Accommodation | None = None


API_NAMES = {"scheme": "marking"}
CHANGEABLE_WHEN_PUBLISHED = frozenset({"schedule"})


class TestService:
    def __init__(self, recent: RecentTests, assignments: AssignmentService, entropy: Entropy) -> None:
        self._recent = recent
        self._assignments = assignments
        self._entropy = entropy

    async def create(self, scope: TenantScope, changes: TestChanges, now: datetime) -> Test:
        """Write a draft owned by the principal; a title, a duration and a scheme are needed.

        Raises PermissionDenied, Refused.
        """
        scope.require(Permission.AUTHOR)
        title, duration, scheme = changes.title, changes.duration_seconds, changes.scheme
        if title is None or duration is None or scheme is None:
            raise Refused.because(Code.REQUIRED, (), "a test has a title, a duration and a marking scheme")
        blank = Test(
            id=new_id(TEST, self._entropy(10)),
            title=title,
            owner_id=scope.principal.id,
            duration_seconds=duration,
            scheme=scheme,
            created_at=now,
            updated_at=now,
        )
        test = self._changed(blank, changes)
        with _no_larger_than_can_be_kept():
            await scope.store.commit([Insert(TESTS.entity(test)), audit.entry(scope, now, "test.create", test.id)])
        return self._recent.hold(scope.store, test)

    async def update(self, scope: TenantScope, test_id: str, changes: TestChanges, now: datetime) -> Test:
        """Change a draft, or the schedule of a published test: its running attempts are then retimed.

        Raises NotFound, PermissionDenied, Refused with INVALID_STATE naming each field that is fixed by now,
        with INVALID for a published test's window that closes before it opens.
        """
        named = changes.model_dump(exclude_none=True, mode="json")

        async def change(transaction: Transaction, test: Test) -> Test:
            fixed = set() if test.state is TestState.DRAFT else set(named) - CHANGEABLE_WHEN_PUBLISHED
            if fixed or test.state not in (TestState.DRAFT, TestState.PUBLISHED):
                fields = ", ".join(map(_api_name, sorted(fixed))) or "it"
                told = f"the test is {test.state}: {fields} cannot be changed any more"
                raise Refused.because(Code.INVALID_STATE, ("testId",), told)
            changed = self._changed(test, changes)
            if test.state is TestState.PUBLISHED and changed.schedule != test.schedule:
                problems = check_schedule(changed.schedule)
                if problems:
                    raise Refused(problems)
                outbox = OutboxRecord(chore=Chore.RETIME, subject=test.id, recorded_at=now)
                transaction.put(OUTBOX.entity(outbox))
                ahead = preparation(changed, now)
                if ahead is not None:
                    transaction.put(OUTBOX.entity(ahead))
            return changed

        with _no_larger_than_can_be_kept():
            return await change_own_test(
                scope, self._recent, test_id, now, "test.update", change, {"fields": [*sorted(named)]}
            )

    async def get(self, scope: TenantScope, id: str) -> Test:
        """Return a test to staff, or to a student to whom it is assigned. Raises NotFound."""
        if not scope.may(Permission.SEE_TESTS):
            assigned = await self._assignments.is_assigned(scope, id)
            test = await self._recent.get(scope.store, id, ("id",))
            if not assigned or test.state is TestState.DRAFT:
                raise NotFound(id)
            return test
        return await self._recent.get(scope.store, id, ("id",))

    async def page(
        self, scope: TenantScope, state: TestState | None, cursor: str | None, limit: int
    ) -> Listing[Test]:
        """Return tests: to staff all of the tenant, to a student those assigned and published."""
        if not scope.may(Permission.SEE_TESTS):
            return await self._assigned_page(scope, state, cursor, limit)
        where = {} if state is None else {"state": state}
        query = Query(TESTS.kind.name, where=where, limit=min(limit, PAGE_LIMIT), cursor=cursor)
        return listing(await scope.store.query(query), TESTS.record)

    async def _assigned_page(
        self, scope: TenantScope, state: TestState | None, cursor: str | None, limit: int
    ) -> Listing[Test]:
        ids = sorted(await self._assignments.tests_of(scope))
        found = await scope.store.get_many([TESTS.key(id) for id in ids])
        tests = [
            test
            for test in TESTS.records(entity for entity in found if entity is not None)
            if test.state is not TestState.DRAFT
            and (state is None or test.state is state)
            and (cursor is None or test.id > cursor)
        ]
        shown = tests[: min(limit, PAGE_LIMIT)]
        more = shown[-1].id if len(tests) > len(shown) and shown else None
        return Listing(tuple(shown), tuple(test.id for test in shown), more)

    def _changed(self, test: Test, changes: TestChanges) -> Test:
        set_fields: dict[str, object] = {
            name: value for name in type(changes).model_fields if (value := getattr(changes, name)) is not None
        }
        if changes.sections is not None:
            set_fields["sections"] = tuple(
                Section(id=new_id(SECTION, self._entropy(10)), **dict(section)) for section in changes.sections
            )
        changed = test.model_copy(update=set_fields)
        if not changed.title.strip() or len(changed.title) > 300:
            raise Refused.because(Code.INVALID, ("title",), "a title has 1 to 300 characters")
        return changed


@contextmanager
def _no_larger_than_can_be_kept() -> Iterator[None]:
    try:
        yield
    except TooLarge as error:
        told = f"the test takes {error.size} bytes, over the limit of {error.limit}: shorten it"
        raise Refused.because(Code.TOO_LARGE, (), told) from error


def _api_name(field: str) -> str:
    """Return the name that a field of `TestChanges` has in the API."""
    head, *rest = field.split("_")
    return API_NAMES.get(field) or head + "".join(map(str.capitalize, rest))
