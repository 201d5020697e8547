"""Correcting a published key: a new version, every result scored again, the difference told and recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from pydantic import JsonValue

from store.paging import every
from store.port import Namespace, Query, Transaction
from tenants.scope import TenantScope
from tp.domain.attempt import AttemptState
from tp.domain.correction import Correction, correct_key
from tp.domain.problem import Code
from tp.domain.test import Test
from tp.errors import Refused
from tp.services.grading.grade import GradingService
from tp.services.outbox import strike
from tp.services.published import PublishedPapers
from tp.services.tests import RecentTests, change_own_test
from tp.tables import ANSWER_KEYS, ATTEMPTS, OUTBOX, RESULTS, Chore, OutboxRecord, version_id

CHUNK = 100


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """One attempt's total before and after."""

    attempt_id: str
    student_id: str
    before: Fraction
    after: Fraction


@dataclass(frozen=True, slots=True)
class Rescoring:
    """`scored` attempts were scored again; `changes` are those whose total moved."""

    test: Test
    scored: int
    changes: tuple[ScoreChange, ...]


class CorrectionService:
    def __init__(self, published: PublishedPapers, recent: RecentTests, grading: GradingService) -> None:
        self._published = published
        self._recent = recent
        self._grading = grading

    async def correct(
        self, scope: TenantScope, test_id: str, corrections: Sequence[Correction], reason: str, now: datetime
    ) -> Rescoring:
        """Make the next key version and score every result again.

        The version, the audit record and the outbox record are one commit; when the process dies while
        scoring, the outbox has the rest done. Raises NotFound, PermissionDenied, Refused.
        """
        if not reason.strip():
            raise Refused.because(Code.REQUIRED, ("reason",), "say why the key is corrected")

        chore = OutboxRecord(chore=Chore.RESCORE, subject=test_id, recorded_at=now)

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
            transaction.put(OUTBOX.entity(chore))
            return test.model_copy(update={"key_version": key.version})

        details: dict[str, JsonValue] = {
            "reason": reason,
            "questions": [correction.question_id for correction in corrections],
        }
        test = await change_own_test(scope, self._recent, test_id, now, "test.correct_key", next_version, details)
        scored, changes = await self.rescore(scope.store, chore)
        return Rescoring(test, scored, tuple(changes))

    async def rescore(self, store: Namespace, chore: OutboxRecord) -> tuple[int, list[ScoreChange]]:
        """Bring every result of a test under its newest key and strike the chore off the outbox; idempotent."""
        scored, changes = 0, []
        where = {"test": chore.subject, "state": AttemptState.GRADED}
        query = Query(ATTEMPTS.kind.name, where=where, limit=CHUNK, keys_only=True)
        async for entity in every(store, query):
            before = RESULTS.found(await store.get(RESULTS.key(entity.key.id)))
            after = await self._grading.grade(store, entity.key.id)
            if before is None or after is None:
                continue
            scored += 1
            was, now = before.score.total.marks, after.score.total.marks
            if was != now:
                changes.append(ScoreChange(after.attempt_id, after.student_id, was, now))
        await strike(store, chore)
        return scored, changes
