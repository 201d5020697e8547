"""Reading what a report says: sections are asked for once and kept, since a report that is ready never changes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any

from analysis.contract import Link, ReportKind, ReportState, StudentView
from store.paging import every
from store.port import Query
from tenants.scope import TenantScope
from tp.clients.analysis import AnalysisClient
from tp.domain.attempt import Attempt
from tp.services.reports.records import REPORTS, Report
from tp.services.results.results import ResultService
from tp.tables import STANDINGS, Standing

KEPT_SECTIONS = 16

Section = Mapping[str, Any]


class ReportReading:
    def __init__(self, client: AnalysisClient | None, results: ResultService) -> None:
        self._client = client
        self._results = results
        self._sections: OrderedDict[tuple[str, ReportKind], Section] = OrderedDict()

    async def section(self, report: Report, kind: ReportKind) -> Section | None:
        """Return a section of a report that is ready. Raises AnalysisUnreachable, AnalysisRefused."""
        if self._client is None or report.state is not ReportState.READY or kind not in report.kinds:
            return None
        key = (report.id, kind)
        if key not in self._sections:
            assert report.made_as is not None
            section = await self._client.section(report.tenant, report.made_as, kind)
            if section is None:
                return None
            self._sections[key] = section
            while len(self._sections) > KEPT_SECTIONS:
                self._sections.popitem(last=False)
        self._sections.move_to_end(key)
        return self._sections[key]

    async def link(self, report: Report) -> Link | None:
        """Return a link to the page of a report that is ready. Raises AnalysisUnreachable, AnalysisRefused."""
        if self._client is None or report.state is not ReportState.READY or report.made_as is None:
            return None
        return await self._client.link(report.tenant, report.made_as)

    async def standings(self, scope: TenantScope, attempts: Sequence[Attempt]) -> list[Standing | None]:
        """Return each attempt's standing as far as the principal may see it: through the gate of the score.

        A standing that was made under another version of the key than the result is none.
        """
        visible = await self._results.of_attempts(scope, attempts)
        found = await scope.store.get_many([STANDINGS.key(attempt.id) for attempt in attempts])
        kept = map(STANDINGS.found, found)
        return [
            standing
            if standing is not None
            and shown is not None
            and shown.gates.score
            and standing.key_version == shown.result.key_version
            else None
            for standing, shown in zip(kept, visible, strict=True)
        ]

    async def student(self, scope: TenantScope, attempt: Attempt) -> StudentView | None:
        """Return what the newest report that has students' pages says of an attempt's student.

        Through the gate of the score, as standings. Raises AnalysisUnreachable, AnalysisRefused.
        """
        [shown] = await self._results.of_attempts(scope, [attempt])
        if self._client is None or shown is None or not shown.gates.score:
            return None
        newest = await self._newest(scope, attempt.test_id)
        if newest is None or newest.made_as is None:
            return None
        return await self._client.student(newest.tenant, newest.made_as, attempt.student_id)

    async def _newest(self, scope: TenantScope, test_id: str) -> Report | None:
        newest: Report | None = None
        async for entity in every(scope.store, Query(REPORTS.kind.name, where={"test": test_id})):
            report = REPORTS.record(entity)
            usable = report.state is ReportState.READY and ReportKind.STUDENT in report.kinds
            if usable and not report.options.groups and (newest is None or newest.asked_at < report.asked_at):
                newest = report
        return newest
