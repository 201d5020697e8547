"""What the platform keeps of each report that was asked for; the report itself is the analysis platform's."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.contract import ReportKind, ReportOptions, ReportState
from store.port import Kind, Value
from store.records import Table
from tp.domain.value import Frozen, Instant


class Report(Frozen):
    """`made_as`: its id at the analysis platform, once it was taken there. `reason`: why it failed, for whoever
    asked. `key_versions` by test: those that it was made from."""

    id: str
    tenant: str
    test_ids: tuple[str, ...]
    kinds: tuple[ReportKind, ...]
    options: ReportOptions = ReportOptions()
    asked_by: str
    asked_at: Instant
    state: ReportState = ReportState.REQUESTED
    progress: float = 0.0
    reason: str | None = None
    made_as: str | None = None
    key_versions: dict[str, int] = {}
    students: int | None = None
    ready_at: Instant | None = None

    @property
    def over(self) -> bool:
        return self.state in (ReportState.READY, ReportState.FAILED)


def _index(report: Report) -> Mapping[str, Value]:
    return {"test": report.test_ids, "open": None if report.over else True}


REPORTS = Table(Kind("Report", frozenset({"test", "open"})), Report, id_of=lambda report: report.id, index=_index)

KINDS: tuple[Kind, ...] = (REPORTS.kind,)
