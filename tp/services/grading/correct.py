"""Correcting a published key: a new version, every result scored again, the difference told and recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import JsonValue

from store.port import Namespace, Put, Query, Transaction
from tenants.roles import Permission
from tenants.scope import TenantScope
from tp.domain.attempt import AttemptState
from tp.domain.correction import Correction, ScoreChange, correct_key
from tp.domain.problem import Code
from tp.domain.test import Test
from tp.errors import Refused
from tp.services.grading.rescore import RescoreService
from tp.services.jobs import JobService
from tp.services.outbox import strike
from tp.services.published import PublishedPapers
from tp.services.tests import RecentTests, change_own_test, load_own_test
from tp.tables import ANSWER_KEYS, ATTEMPTS, OUTBOX, Chore, Job, JobKind, OutboxRecord, version_id

MAX_REASON = 1_000


@dataclass(frozen=True, slots=True)
class Rescoring:
    """`scored` attempts were scored again; `changes` are those whose total moved. Both are `None`, and a job tells
    them later, where there are too many to wait for."""

    test: Test
    scored: int | None = None
    changes: tuple[ScoreChange, ...] | None = None
    job: Job | None = None


class CorrectionService:
    """`at_once`: how many results are scored again while somebody waits; `None`: any number."""

    def __init__(
        self,
        published: PublishedPapers,
        recent: RecentTests,
        rescoring: RescoreService,
        jobs: JobService,
        at_once: int | None,
    ) -> None:
        self._published = published
        self._recent = recent
        self._rescoring = rescoring
        self._jobs = jobs
        self._at_once = at_once

    async def correct(
        self, scope: TenantScope, test_id: str, corrections: Sequence[Correction], reason: str, now: datetime
    ) -> Rescoring:
        """Make the next key version and have every result scored again: now, or by the outbox when they are many.

        The version, the audit record and the outbox record are one commit; when the process dies while
        scoring, the outbox has the rest done. Raises NotFound, PermissionDenied, Refused.
        """
        if not reason.strip():
            raise Refused.because(Code.REQUIRED, ("reason",), "say why the key is corrected")
        if len(reason) > MAX_REASON:
            raise Refused.because(Code.TOO_LARGE, ("reason",), f"at most {MAX_REASON} characters")

        job = self._jobs.new(scope, JobKind.RESCORE, test_id, now) if await self._many(scope, test_id) else None
        chore = OutboxRecord(chore=Chore.RESCORE, subject=test_id, recorded_at=now)
        asked: list[Put] = [Put(OUTBOX.entity(chore))] if job is None else self._jobs.asked(job)

        async def next_version(transaction: Transaction, test: Test) -> Test:
            if test.key_version is None or test.paper_version is None:
                raise Refused.because(Code.INVALID_STATE, ("testId",), "the test has not been published")
            entity = await transaction.get(ANSWER_KEYS.key(version_id(test.id, test.key_version)))
            assert entity is not None
            paper = await self._published.paper(scope.store, test.id, test.paper_version)
            key = correct_key(paper, ANSWER_KEYS.record(entity), corrections)
            if isinstance(key, list):
                raise Refused(key)
            transaction.insert(ANSWER_KEYS.entity(key))
            for put in asked:
                transaction.put(put.entity)
            return test.model_copy(update={"key_version": key.version})

        details: dict[str, JsonValue] = {
            "reason": reason,
            "questions": [correction.question_id for correction in corrections],
        }
        test = await change_own_test(scope, self._recent, test_id, now, "test.correct_key", next_version, details)
        if job is not None:
            return Rescoring(test, job=job)
        scored, changes = await self.rescore(scope.store, chore)
        return Rescoring(test, scored, tuple(changes))

    async def rescore(self, store: Namespace, chore: OutboxRecord) -> tuple[int, list[ScoreChange]]:
        """Bring every result of a test under its newest key and strike the chore off the outbox; idempotent."""
        scored, changes = await self._rescoring.all_of(store, chore.subject)
        await strike(store, chore)
        return scored, changes

    async def _many(self, scope: TenantScope, test_id: str) -> bool:
        if self._at_once is None:
            return False
        await load_own_test(scope, test_id, Permission.AUTHOR)
        where = {"test": test_id, "state": AttemptState.GRADED}
        return await scope.store.count(Query(ATTEMPTS.kind.name, where=where)) > self._at_once
