"""Asking for a report: recorded with the outbox entry that hands it on, so that nobody waits for others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from analysis.contract import ReportKind, ReportOptions
from store.paging import every
from store.port import Put, Query
from tenants.roles import Permission
from tenants.scope import TenantScope
from tp.clock import Entropy
from tp.domain.ids import REPORT, new_id
from tp.domain.problem import Code
from tp.domain.test import TestState
from tp.errors import NotFound, Refused
from tp.services import audit
from tp.services.listing import Listing, listing
from tp.services.reports.records import REPORTS, Report
from tp.services.tests import load_own_test, load_test
from tp.tables import OUTBOX, Chore, OutboxRecord

TESTS_AT_MOST = 20
PAGE_LIMIT = 100
NOT_CONNECTED = "reports are not set up here: no analysis platform is connected"


class ReportDesk:
    """What staff do with reports. `connected`: whether there is anybody who makes them."""

    def __init__(self, connected: bool, entropy: Entropy) -> None:
        self._connected = connected
        self._entropy = entropy

    async def ask(
        self,
        scope: TenantScope,
        test_ids: Sequence[str],
        kinds: Sequence[ReportKind],
        options: ReportOptions,
        now: datetime,
    ) -> Report:
        """Have a report made of one's own tests; the same one, asked for again before it is over, is that one.

        Raises PermissionDenied, NotFound, Refused.
        """
        scope.require(Permission.SEE_RESULTS)
        tests, wanted = tuple(dict.fromkeys(test_ids)), tuple(dict.fromkeys(kinds))
        self._check(tests, wanted)
        for place, test_id in enumerate(tests):
            await self._check_test(scope, test_id, place)
        report = Report(
            id=new_id(REPORT, self._entropy(10)),
            tenant=scope.tenant.slug,
            test_ids=tests,
            kinds=wanted,
            options=options,
            asked_by=scope.principal.id,
            asked_at=now,
        )
        underway = await self._underway(scope, report)
        if underway is not None:
            return underway
        chore = OutboxRecord(chore=Chore.REPORT, subject=report.id, recorded_at=now)
        record = audit.entry(scope, now, "report.request", tests[0], {"report": report.id, "kinds": list(wanted)})
        await scope.store.commit([Put(REPORTS.entity(report)), Put(OUTBOX.entity(chore)), record])
        return report

    async def get(self, scope: TenantScope, id: str) -> Report:
        """Return a report to whoever asked for it, or may act on all tests. Raises NotFound, to others too."""
        scope.require(Permission.SEE_RESULTS)
        report = REPORTS.found(await scope.store.get(REPORTS.asked(id)))
        if report is None or not (report.asked_by == scope.principal.id or scope.may(Permission.ALL_TESTS)):
            raise NotFound(id)
        return report

    async def of_test(self, scope: TenantScope, test_id: str, after: str | None, first: int) -> Listing[Report]:
        """Return the reports about a test of one's own, in no telling order; nothing to others."""
        scope.require(Permission.SEE_RESULTS)
        test = await load_test(scope.store, test_id)
        if test.owner_id != scope.principal.id and not scope.may(Permission.ALL_TESTS):
            return Listing((), (), None)
        query = Query(REPORTS.kind.name, where={"test": test_id}, limit=min(first, PAGE_LIMIT), cursor=after)
        return listing(await scope.store.query(query), REPORTS.record)

    def _check(self, tests: Sequence[str], kinds: Sequence[ReportKind]) -> None:
        if not self._connected:
            raise Refused.because(Code.UNSUPPORTED, (), NOT_CONNECTED)
        if not tests:
            raise Refused.because(Code.REQUIRED, ("testIds",), "say which tests")
        if len(tests) > TESTS_AT_MOST:
            raise Refused.because(Code.TOO_MANY, ("testIds",), f"at most {TESTS_AT_MOST} tests at a time")
        if not kinds:
            raise Refused.because(Code.REQUIRED, ("kinds",), "say which kinds of report")

    async def _check_test(self, scope: TenantScope, test_id: str, place: int) -> None:
        path = ("testIds", place)
        try:
            test = await load_own_test(scope, test_id, Permission.SEE_RESULTS)
        except NotFound as missing:
            raise NotFound(missing.id, path) from None
        if test.state is TestState.DRAFT:
            raise Refused.because(Code.INVALID_STATE, path, "the test has not been published")

    async def _underway(self, scope: TenantScope, asked: Report) -> Report | None:
        query = Query(REPORTS.kind.name, where={"test": asked.test_ids[0], "open": True}, limit=PAGE_LIMIT)
        async for entity in every(scope.store, query):
            report = REPORTS.record(entity)
            same = (report.test_ids, report.kinds, report.options) == (asked.test_ids, asked.kinds, asked.options)
            if same and report.asked_by == asked.asked_by:
                return report
        return None
