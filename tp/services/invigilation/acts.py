"""What an invigilator does during a sitting: each act is one notice, in force wherever it has been read.

A commit holds the notice, its audit record and the outbox record by which what it changes is written into the
attempts later, a page at a time. So an act costs the same for one attempt and for ten thousand.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import JsonValue

from store.port import Mutation, Put, Query
from tenants.roles import Permission
from tenants.scope import TenantScope
from tp.domain.attempt import Attempt, AttemptState
from tp.domain.ids import notice_id
from tp.domain.notices import Notice, NoticeKind
from tp.domain.problem import Code, Problem
from tp.domain.test import Test
from tp.errors import Refused
from tp.services import audit
from tp.services.sitting.board import NoticeBoard, Posted
from tp.services.tests import RecentTests, require_own
from tp.tables import ATTEMPTS, OUTBOX, Chore, OutboxRecord

MAX_NAMED = 500
SHOWN = 100
MAX_MINUTES = 24 * 60
REASON_LENGTH = 500
TEXT_LENGTH = 2_000
REQUEST_ID_LENGTH = 100


@dataclass(frozen=True, slots=True)
class Whom:
    """The attempts of an act: those named, or all that are in progress. `request_id`: the same act comes once."""

    test_id: str
    attempt_ids: tuple[str, ...] | None = None
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class Acted:
    """`changed`: how many running attempts the act concerned; `attempts`: the first of them, as they are now.

    `notice` is `None` when there were none.
    """

    notice: Notice | None
    attempts: list[Attempt]
    changed: int


class InvigilationService:
    """Whoever may INVIGILATE acts in every test, an author in those of its own.

    Each method raises NotFound, PermissionDenied, and Refused with what is wrong in the input, NOT_FOUND for each
    attempt that is none of the test's.
    """

    def __init__(self, recent: RecentTests, board: NoticeBoard) -> None:
        self._recent = recent
        self._board = board

    async def extend(self, scope: TenantScope, whom: Whom, minutes: int, reason: str, now: datetime) -> Acted:
        """Give running attempts more time."""
        problems = [] if 1 <= minutes <= MAX_MINUTES else [_wrong("minutes", f"from 1 to {MAX_MINUTES} minutes")]
        problems += _check_text("reason", reason, REASON_LENGTH)
        return await self._act(scope, whom, now, NoticeKind.EXTENDED, problems, reason=reason, minutes=minutes)

    async def pause(self, scope: TenantScope, whom: Whom, reason: str, now: datetime) -> Acted:
        """Let the clocks of running attempts stand; those that stand are left as they are."""
        problems = _check_text("reason", reason, REASON_LENGTH)
        return await self._act(scope, whom, now, NoticeKind.PAUSED, problems, reason=reason)

    async def resume(self, scope: TenantScope, whom: Whom, reason: str, now: datetime) -> Acted:
        """Let the clocks of paused attempts run on."""
        problems = _check_text("reason", reason, REASON_LENGTH)
        return await self._act(scope, whom, now, NoticeKind.RESUMED, problems, reason=reason)

    async def force(self, scope: TenantScope, whom: Whom, reason: str, now: datetime) -> Acted:
        """End running attempts now; what arrives within the test's grace still counts."""
        problems = _check_text("reason", reason, REASON_LENGTH)
        return await self._act(scope, whom, now, NoticeKind.FORCED, problems, reason=reason)

    async def announce(self, scope: TenantScope, whom: Whom, text: str, now: datetime) -> Notice:
        """Tell students something. Raises Refused with INVALID_STATE when nobody sits there to be told."""
        problems = _check_text("text", text, TEXT_LENGTH)
        acted = await self._act(scope, whom, now, NoticeKind.MESSAGE, problems, text=text)
        if acted.notice is None:
            raise Refused.because(Code.INVALID_STATE, ("attemptIds",), "none of these attempts is in progress")
        return acted.notice

    async def _act(
        self,
        scope: TenantScope,
        whom: Whom,
        now: datetime,
        kind: NoticeKind,
        problems: list[Problem],
        *,
        minutes: int | None = None,
        reason: str | None = None,
        text: str | None = None,
    ) -> Acted:
        test = await self._test(scope, whom.test_id)
        problems = problems + _check_whom(whom)
        if problems:
            raise Refused(problems)
        posted = await self._board.of(scope.store, test.id, within=0)
        before = posted.requested(scope.principal.id, whom.request_id)
        if before is not None:
            return Acted(before, await self._shown(scope, test, posted, before.attempt_ids), before.changed)
        if whom.attempt_ids is None:
            named, changed = None, await scope.store.count(_running(test))
        else:
            found = await self._named(scope, test, posted, whom.attempt_ids)
            named = tuple(attempt.id for attempt in found if _APPLIES[kind](attempt))
            changed = len(named)
        if changed == 0:
            return Acted(None, await self._shown(scope, test, posted, whom.attempt_ids), 0)

        def post(posted: Posted) -> tuple[Notice, Sequence[Mutation]]:
            notice = Notice(
                test_id=test.id,
                number=posted.last + 1,
                kind=kind,
                at=now,
                by=scope.principal.id,
                attempt_ids=named,
                minutes=minutes,
                reason=reason,
                text=text,
                changed=changed,
                request_id=whom.request_id,
            )
            return notice, _beside(scope, notice)

        notice = await self._board.post(scope.store, test.id, post)
        posted = await self._board.of(scope.store, test.id)
        return Acted(notice, await self._shown(scope, test, posted, notice.attempt_ids), notice.changed)

    async def _test(self, scope: TenantScope, test_id: str) -> Test:
        test = await self._recent.get(scope.store, test_id)
        if not scope.may(Permission.INVIGILATE):
            scope.require(Permission.AUTHOR)
            require_own(scope, test)
        return test

    async def _named(self, scope: TenantScope, test: Test, posted: Posted, ids: Sequence[str]) -> list[Attempt]:
        """Return attempts in the order of their ids. Raises Refused, with NOT_FOUND for each of another test."""
        entities = await scope.store.get_many([ATTEMPTS.asked(id) for id in ids])
        found = [ATTEMPTS.found(entity) for entity in entities]
        missing = [
            Problem(Code.NOT_FOUND, ("attemptIds", place), "no such attempt at this test")
            for place, attempt in enumerate(found)
            if attempt is None or attempt.test_id != test.id
        ]
        if missing:
            raise Refused(missing)
        return [posted.heeded(test, attempt) for attempt in found if attempt is not None]

    async def _shown(
        self, scope: TenantScope, test: Test, posted: Posted, ids: Sequence[str] | None
    ) -> list[Attempt]:
        if ids is not None:
            return await self._named(scope, test, posted, ids[:SHOWN])
        page = await scope.store.query(_running(test))
        return [posted.heeded(test, attempt) for attempt in ATTEMPTS.records(page.entities)]


def _runs(attempt: Attempt) -> bool:
    return attempt.state is AttemptState.IN_PROGRESS


_APPLIES: dict[NoticeKind, Callable[[Attempt], bool]] = {
    NoticeKind.MESSAGE: _runs,
    NoticeKind.EXTENDED: _runs,
    NoticeKind.PAUSED: lambda attempt: _runs(attempt) and not attempt.paused,
    NoticeKind.RESUMED: lambda attempt: attempt.paused,
    NoticeKind.FORCED: lambda attempt: _runs(attempt) and attempt.forced_at is None,
}
"""To which attempts, of those that are named, an act makes a difference."""

_ACTIONS = {
    NoticeKind.MESSAGE: "attempts.announce",
    NoticeKind.EXTENDED: "attempts.extend",
    NoticeKind.PAUSED: "attempts.pause",
    NoticeKind.RESUMED: "attempts.resume",
    NoticeKind.FORCED: "attempts.force",
}


def _beside(scope: TenantScope, notice: Notice) -> list[Mutation]:
    """Return what is committed with a notice: its audit record, and the chore of writing down what it changes."""
    told: dict[str, JsonValue] = notice.model_dump(
        mode="json", include={"attempt_ids", "minutes", "reason", "text", "changed"}, exclude_none=True
    )
    audited = audit.entry(scope, notice.at, _ACTIONS[notice.kind], notice.test_id, told)
    if notice.kind is NoticeKind.MESSAGE:
        return [audited]
    id = notice_id(notice.test_id, notice.number)
    return [audited, Put(OUTBOX.entity(OutboxRecord(chore=Chore.HEED, subject=id, recorded_at=notice.at)))]


def _running(test: Test) -> Query:
    return Query(ATTEMPTS.kind.name, where={"test": test.id, "state": AttemptState.IN_PROGRESS}, limit=SHOWN)


def _check_whom(whom: Whom) -> list[Problem]:
    problems = []
    if whom.attempt_ids is not None and not 1 <= len(whom.attempt_ids) <= MAX_NAMED:
        told = f"from 1 to {MAX_NAMED} attempts, or null for all that are in progress"
        problems.append(_wrong("attemptIds", told))
    if whom.request_id is not None and not 1 <= len(whom.request_id) <= REQUEST_ID_LENGTH:
        problems.append(_wrong("requestId", f"from 1 to {REQUEST_ID_LENGTH} characters"))
    return problems


def _check_text(name: str, text: str, length: int) -> list[Problem]:
    said = text.strip() and len(text) <= length
    return [] if said else [_wrong(name, f"from 1 to {length} characters")]


def _wrong(name: str, told: str) -> Problem:
    return Problem(Code.INVALID, (name,), told)
