"""Results: staff see them when graded, students through the gates that staff open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from store.port import Transaction
from tenants.roles import Permission
from tenants.scope import TenantScope
from tp.domain.attempt import Attempt
from tp.domain.paper import AnswerKey
from tp.domain.problem import Code
from tp.domain.test import Gates, Test, TestState
from tp.errors import Refused
from tp.services.published import PublishedPapers
from tp.services.tests import RecentTests, change_own_test, require_own
from tp.tables import RESULTS, Result


@dataclass(frozen=True, slots=True)
class VisibleResult:
    """A result and what of it may be shown."""

    result: Result
    gates: Gates


ALL_OPEN = Gates(score=True, responses=True, key=True)


class ResultService:
    def __init__(self, published: PublishedPapers, recent: RecentTests) -> None:
        self._published = published
        self._recent = recent

    async def release(self, scope: TenantScope, test_id: str, gates: Gates, now: datetime) -> Test:
        """Set the gates of a test's results, each to what is given; closing one again is allowed.

        Raises NotFound, PermissionDenied, Refused with INVALID_STATE for a test that was never published.
        """

        async def set_gates(_: Transaction, test: Test) -> Test:
            if test.state is TestState.DRAFT:
                raise Refused.because(Code.INVALID_STATE, ("testId",), "the test has not been published")
            return test.model_copy(update={"gates": gates, "released_at": now})

        return await change_own_test(
            scope, self._recent, test_id, now, "test.release", set_gates, gates.model_dump()
        )

    async def of_attempts(self, scope: TenantScope, attempts: Sequence[Attempt]) -> list[VisibleResult | None]:
        """Return the result of each attempt as far as the principal may see it, `None` where it may not."""
        tests = {id: await self._recent.get(scope.store, id) for id in {a.test_id for a in attempts}}
        gates = [_gates(scope, attempt, tests[attempt.test_id]) for attempt in attempts]
        wanted = [attempt for attempt, gate in zip(attempts, gates, strict=True) if gate is not None]
        found = await scope.store.get_many([RESULTS.key(attempt.id) for attempt in wanted])
        results = {result.attempt_id: result for result in RESULTS.records(e for e in found if e is not None)}
        return [
            VisibleResult(results[attempt.id], gate) if gate is not None and attempt.id in results else None
            for attempt, gate in zip(attempts, gates, strict=True)
        ]

    async def key_in_force(self, scope: TenantScope, test: Test) -> AnswerKey | None:
        """Return the newest key of a test of one's own, `None` while it is a draft. Raises PermissionDenied."""
        scope.require(Permission.SEE_RESULTS)
        require_own(scope, test)
        if test.key_version is None:
            return None
        return await self._published.answer_key(scope.store, test.id, test.key_version)

    async def answer_key(self, scope: TenantScope, visible: VisibleResult) -> AnswerKey | None:
        """Return the key by which a result was scored; `None` while its gate is shut."""
        if not visible.gates.key:
            return None
        result = visible.result
        return await self._published.answer_key(scope.store, result.test_id, result.key_version)


def _gates(scope: TenantScope, attempt: Attempt, test: Test) -> Gates | None:
    """Return what may be shown of an attempt's result; `None` for nothing at all."""
    if attempt.student_id == scope.principal.id:
        return test.gates if test.gates != Gates() else None
    own = test.owner_id == scope.principal.id or scope.may(Permission.ALL_TESTS)
    return ALL_OPEN if own and scope.may(Permission.SEE_RESULTS) else None
