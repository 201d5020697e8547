"""Ranks and percentiles that a report has found, kept beside the results that they were found from."""

from __future__ import annotations

from analysis.contract import Standing as Found
from analysis.contract import StandingsPage
from store.port import Put
from tenants.roles import Permission
from tenants.scope import TenantScope
from tp.domain.ids import test_of
from tp.domain.problem import Code, Problem
from tp.errors import Refused, TestPlatformError
from tp.services.tests import load_test
from tp.tables import ATTEMPTS, STANDINGS, Standing, SubjectStanding

A_COMMIT = 400
TOLD = 20


class KeyMovedOn(TestPlatformError):
    """Standings were made from version `theirs` of the answer key; the test has version `ours`."""

    def __init__(self, theirs: int, ours: int) -> None:
        super().__init__(f"made from version {theirs} of the answer key; the test's is {ours}")
        self.theirs = theirs
        self.ours = ours


class StandingService:
    async def keep(self, scope: TenantScope, test_id: str, page: StandingsPage) -> None:
        """Keep a page of standings; the same again changes nothing.

        Raises NotFound, PermissionDenied, KeyMovedOn, Refused for what is no attempt at the test. A key that is
        corrected meanwhile does no harm: a standing counts beside a result of its own key version only.
        """
        scope.require(Permission.SEE_RESULTS)
        test = await load_test(scope.store, test_id)
        if page.key_version != test.key_version:
            raise KeyMovedOn(page.key_version, test.key_version or 0)
        await _check(scope, test_id, page)
        kept = [Put(STANDINGS.entity(_standing(test_id, page, found))) for found in page.standings]
        for start in range(0, len(kept), A_COMMIT):
            await scope.store.commit(kept[start : start + A_COMMIT])


async def _check(scope: TenantScope, test_id: str, page: StandingsPage) -> None:
    """Raise Refused unless each standing is of another attempt at the test."""
    ids = [found.attempt_id for found in page.standings]
    of_test = [ATTEMPTS.key(id) for id in dict.fromkeys(ids) if test_of(id) == test_id]
    stored = {entity.key.id for entity in await scope.store.get_many(of_test) if entity is not None}
    twice = {id for place, id in enumerate(ids) if id in ids[:place]} if len(set(ids)) < len(ids) else set()
    problems = [
        Problem(Code.NOT_FOUND, ("standings", place, "attemptId"), "no attempt at this test")
        for place, id in enumerate(ids)
        if id not in stored
    ]
    problems += [Problem(Code.INVALID, ("standings",), f"{id} is given twice") for id in sorted(twice & stored)]
    if problems:
        raise Refused(problems[:TOLD])


def _standing(test_id: str, page: StandingsPage, found: Found) -> Standing:
    return Standing(
        attempt_id=found.attempt_id,
        test_id=test_id,
        report_id=page.report_id,
        key_version=page.key_version,
        rank=found.rank,
        percentile=found.percentile,
        subjects={
            name: SubjectStanding(rank=one.rank, percentile=one.percentile) for name, one in found.subjects.items()
        },
    )
