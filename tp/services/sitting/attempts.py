"""Attempts as their students and the staff read them: the head, and the sitting folded from the log."""

from __future__ import annotations

from collections.abc import Sequence

from store.port import Query
from tenants.roles import Permission
from tenants.scope import TenantScope
from tp.clock import Clock
from tp.domain.attempt import Attempt, AttemptState
from tp.domain.behaviour import Behaviour, behaviour
from tp.domain.deadline import Deadline, Timing, deadline
from tp.domain.ids import attempt_id
from tp.domain.log import Sitting, fold
from tp.domain.paper import Paper
from tp.domain.shuffle import arrange
from tp.domain.test import Test
from tp.errors import NotFound
from tp.services.invigilation.attendance import Attendance
from tp.services.listing import Listing, listing
from tp.services.published import PublishedPapers
from tp.services.sitting.board import NoticeBoard
from tp.services.sitting.close import CloseService
from tp.services.sitting.log import batches_of, read_log
from tp.services.sitting.together import AttemptReader
from tp.services.tests import RecentTests
from tp.tables import ATTEMPTS

PAGE_LIMIT = 100


class AttemptService:
    """What is shown of an attempt depends on who asks and whether the sitting is over."""

    def __init__(
        self,
        recent: RecentTests,
        published: PublishedPapers,
        reader: AttemptReader,
        board: NoticeBoard,
        closing: CloseService,
        attendance: Attendance,
        clock: Clock,
    ) -> None:
        self._recent = recent
        self._published = published
        self._reader = reader
        self._board = board
        self._closing = closing
        self._attendance = attendance
        self._clock = clock

    async def get(self, scope: TenantScope, id: str) -> Attempt:
        """Return an attempt: one's own, or any with SEE_ATTEMPTS; an expired one is closed first.

        Raises NotFound, also for another student's.
        """
        attempt = (await self._reader.read(scope.store, id)).attempt
        if not _may_see(scope, attempt):
            raise NotFound(id)
        if attempt.student_id == scope.principal.id and attempt.state is AttemptState.IN_PROGRESS:
            self._attendance.came(scope.store, attempt, self._clock())
        return await self._closed_if_due(scope, attempt)

    async def get_many(self, scope: TenantScope, ids: Sequence[str]) -> list[Attempt | None]:
        """Return attempts of a test in the order of their ids, at most 1,000. Raises PermissionDenied."""
        scope.require(Permission.SEE_ATTEMPTS)
        found = [
            ATTEMPTS.found(entity) for entity in await scope.store.get_many([ATTEMPTS.asked(id) for id in ids])
        ]
        return [None if attempt is None else await self._heeded(scope, attempt) for attempt in found]

    async def _heeded(self, scope: TenantScope, attempt: Attempt) -> Attempt:
        posted = await self._board.of(scope.store, attempt.test_id)
        return posted.heeded(await self._recent.get(scope.store, attempt.test_id), attempt)

    async def of_test(
        self, scope: TenantScope, test_id: str, state: AttemptState | None, cursor: str | None, limit: int
    ) -> Listing[Attempt]:
        """Return attempts at a test, at most `PAGE_LIMIT` a page. Raises NotFound, PermissionDenied."""
        scope.require(Permission.SEE_ATTEMPTS)
        test = await self._recent.get(scope.store, test_id)
        posted = await self._board.of(scope.store, test_id)
        where = {"test": test_id} if state is None else {"test": test_id, "state": state}
        query = Query(ATTEMPTS.kind.name, where=where, limit=min(limit, PAGE_LIMIT), cursor=cursor)
        page = await scope.store.query(query)
        return listing(page, lambda entity: posted.heeded(test, ATTEMPTS.record(entity)))

    async def own(self, scope: TenantScope, test: Test) -> list[Attempt]:
        """Return the principal's attempts at a test, by number."""
        ids = [attempt_id(test.id, scope.principal.id, n) for n in range(1, test.attempts_allowed + 1)]
        found = await scope.store.get_many([ATTEMPTS.key(id) for id in ids])
        attempts = ATTEMPTS.records(entity for entity in found if entity is not None)
        if not any(attempt.state is AttemptState.IN_PROGRESS for attempt in attempts):
            return attempts
        posted = await self._board.of(scope.store, test.id)
        return [await self._closed_if_due(scope, posted.heeded(test, attempt)) for attempt in attempts]

    async def test_of(self, scope: TenantScope, attempt: Attempt) -> Test:
        """Return the test that an attempt is at."""
        return await self._recent.get(scope.store, attempt.test_id)

    async def deadline(self, scope: TenantScope, attempt: Attempt) -> Deadline | None:
        """Return when the attempt ends and why; `None` before it has begun."""
        if attempt.started_at is None:
            return None
        timing = Timing.of(await self._recent.get(scope.store, attempt.test_id))
        return deadline(timing, attempt, self._clock())

    async def paper(self, scope: TenantScope, attempt: Attempt) -> Paper | None:
        """Return the paper in the order in which this attempt shows it; `None` while it is not to be seen.

        A student sees it from the start of the attempt to its end, and after the response sheet is released.
        """
        test = await self._recent.get(scope.store, attempt.test_id)
        if not _sheet_is_open(scope, attempt, test):
            return None
        paper = await self._published.paper(scope.store, test.id, attempt.paper_version)
        return arrange(paper, attempt.seed, questions=test.shuffle_questions, options=test.shuffle_options)

    async def sitting(self, scope: TenantScope, attempt: Attempt) -> Sitting:
        """Fold the attempt's log."""
        paper = await self._published.paper(scope.store, attempt.test_id, attempt.paper_version)
        entries = await read_log(scope.store, attempt.id)
        return fold(paper, batches_of(entries), last_seq=attempt.last_seq)

    async def behaviour(self, scope: TenantScope, attempt: Attempt) -> Behaviour | None:
        """Return how the attempt was worked through; `None` before it has begun, and while it is not to be seen.

        A student sees it after the response sheet is released, whoever may see others' attempts at any time.
        """
        test = await self._recent.get(scope.store, attempt.test_id)
        if attempt.started_at is None or not _behaviour_is_open(scope, attempt, test):
            return None
        paper = await self._published.paper(scope.store, attempt.test_id, attempt.paper_version)
        batches = batches_of(await read_log(scope.store, attempt.id))
        counted = [batch for batch in batches if attempt.last_seq is None or batch.seq <= attempt.last_seq]
        return behaviour(paper, counted, attempt.started_at, attempt.submitted_at, attempt.pauses)

    async def may_see_responses(self, scope: TenantScope, attempt: Attempt) -> bool:
        """Tell whether the principal may see what was answered."""
        return _sheet_is_open(scope, attempt, await self._recent.get(scope.store, attempt.test_id))

    async def _closed_if_due(self, scope: TenantScope, attempt: Attempt) -> Attempt:
        if attempt.state is not AttemptState.IN_PROGRESS:
            return attempt
        now = self._clock()
        over = deadline(Timing.of(await self._recent.get(scope.store, attempt.test_id)), attempt, now)
        return await self._closing.expire(scope.store, attempt.id, now) if now > over.accepts_until else attempt


def _may_see(scope: TenantScope, attempt: Attempt) -> bool:
    return attempt.student_id == scope.principal.id or scope.may(Permission.SEE_ATTEMPTS)


def _behaviour_is_open(scope: TenantScope, attempt: Attempt, test: Test) -> bool:
    if attempt.student_id == scope.principal.id:
        return attempt.state is not AttemptState.IN_PROGRESS and test.gates.responses
    return scope.may(Permission.SEE_ATTEMPTS)


def _sheet_is_open(scope: TenantScope, attempt: Attempt, test: Test) -> bool:
    if attempt.student_id == scope.principal.id:
        if attempt.state is AttemptState.PREPARED:
            return False
        return attempt.state is AttemptState.IN_PROGRESS or test.gates.responses
    own = test.owner_id == scope.principal.id or scope.may(Permission.ALL_TESTS)
    return own and scope.may(Permission.SEE_RESULTS)
