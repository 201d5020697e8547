"""Following a report: it is handed to the analysis platform, and what becomes of it there is recorded here.

The analysis platform's word comes by a webhook; when that is lost, the periodic pass asks. Both end in `refresh`.
"""

from __future__ import annotations

from datetime import timedelta

import structlog
from pydantic import JsonValue

from analysis.contract import ReportRequest, ReportState, ReportView
from store.paging import every
from store.port import Namespace, Query, Transaction
from tp.clients.analysis import AnalysisClient
from tp.clients.errors import AnalysisError, AnalysisRefused, AnalysisUnreachable
from tp.clock import Clock
from tp.errors import NotFound
from tp.services.reports.records import REPORTS, Report
from tp.services.steps import Step, Work

_log = structlog.stdlib.get_logger("tp.reports")

GIVE_UP = timedelta(hours=1)
"""How long it is tried to hand a report on."""
FORGET = timedelta(hours=24)
"""After so long nothing more is expected of a report that was handed on."""
PAGE = 50

AWAY = (
    "The analysis service could not be reached for an hour, so this report was not made. Exams and marks are not "
    "affected. Ask for the report once more later, or tell your administrator."
)
REFUSED = (
    "The analysis service would not make this report. Exams and marks are not affected. Ask your administrator to "
    "look at its connection."
)
LOST = "The analysis service does not know this report any more. Ask for the report once more."
TOO_LONG = "The report was not ready after a day and is not waited for any more. Ask for it once more."


class ReportFollowing:
    def __init__(self, client: AnalysisClient, clock: Clock) -> None:
        self._client = client
        self._clock = clock

    def hand_on(self, store: Namespace, id: str) -> Work:
        """Return the work of having a report made. Its step raises AnalysisUnreachable until it is given up."""

        async def step(_: JsonValue) -> Step:
            report = REPORTS.found(await store.get(REPORTS.key(id)))
            if report is None:
                raise NotFound(id)
            if report.over or report.made_as is not None:
                return Step(1, 1)
            try:
                view = await self._client.request(_request(report))
            except AnalysisUnreachable:
                if self._clock() - report.asked_at < GIVE_UP:
                    raise
                await self._fail(store, id, AWAY)
            except AnalysisRefused as error:
                _log.error("a report was refused", report=id, status=error.status, detail=error.detail)
                await self._fail(store, id, REFUSED)
            else:
                await self._record(store, id, view)
            return Step(1, 1)

        return step

    async def refresh(self, store: Namespace, id: str) -> Report:
        """Ask how a report stands, and record it. Raises NotFound, AnalysisUnreachable, AnalysisRefused."""
        report = REPORTS.found(await store.get(REPORTS.asked(id)))
        if report is None:
            raise NotFound(id)
        if report.over or report.made_as is None:
            return report
        view = await self._client.report(report.tenant, report.made_as)
        return await (self._fail(store, id, LOST) if view is None else self._record(store, id, view))

    async def poll(self, store: Namespace) -> int:
        """Look after all reports that are not over, for webhooks get lost; return how many are over now."""
        over = 0
        async for entity in every(store, Query(REPORTS.kind.name, where={"open": True}, limit=PAGE)):
            over += (await self._looked_after(store, REPORTS.record(entity))).over
        return over

    async def _looked_after(self, store: Namespace, report: Report) -> Report:
        waited = self._clock() - report.asked_at
        if report.made_as is None:
            return await self._fail(store, report.id, AWAY) if waited >= GIVE_UP else report
        if waited >= FORGET:
            return await self._fail(store, report.id, TOO_LONG)
        try:
            return await self.refresh(store, report.id)
        except AnalysisError as error:
            _log.info("how a report stands is not known", report=report.id, reason=str(error))
            return report

    async def _record(self, store: Namespace, id: str, view: ReportView) -> Report:
        update = {
            "made_as": view.id,
            "state": view.state,
            "progress": view.progress,
            "reason": view.reason,
            "key_versions": view.key_versions,
            "students": view.students,
            "ready_at": view.ready_at,
        }
        return await _changed(store, id, update)

    async def _fail(self, store: Namespace, id: str, reason: str) -> Report:
        return await _changed(store, id, {"state": ReportState.FAILED, "reason": reason})


async def _changed(store: Namespace, id: str, update: dict[str, object]) -> Report:
    """Change a report that is not over; one that is stays as it is."""

    async def work(transaction: Transaction) -> Report:
        report = REPORTS.found(await transaction.get(REPORTS.key(id)))
        if report is None:
            raise NotFound(id)
        if report.over:
            return report
        changed = report.model_copy(update=update)
        if changed != report:
            transaction.put(REPORTS.entity(changed))
        return changed

    return await store.transact(work)


def _request(report: Report) -> ReportRequest:
    return ReportRequest(
        tenant=report.tenant,
        test_ids=report.test_ids,
        kinds=report.kinds,
        options=report.options,
        idempotency_key=report.id,
    )
