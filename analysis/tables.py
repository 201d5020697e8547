"""What the analysis platform keeps: a namespace for each tenant, and in it every version of every report.

A report that is ready never changes. What was corrected since is another report, with its own key versions.
"""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import AwareDatetime, BaseModel, ConfigDict, JsonValue

from analysis.contract import ReportKind, ReportRequest, ReportState
from store.port import Kind, Value
from store.records import Table

CHUNK_BYTES = 900 * 1000
"""Below the megabyte that an entity may have."""


class Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Report(Kept):
    """`task_id`: the task that makes it. `stage`: what is done now, in a word. `sections`: those that are kept.
    `titles` and `key_versions` by test."""

    id: str
    request: ReportRequest
    state: ReportState = ReportState.REQUESTED
    task_id: str | None = None
    stage: str | None = None
    progress: float = 0.0
    reason: str | None = None
    key_versions: dict[str, int] = {}
    titles: dict[str, str] = {}
    students: int | None = None
    sections: tuple[ReportKind, ...] = ()
    requested_at: AwareDatetime
    ready_at: AwareDatetime | None = None

    @property
    def over(self) -> bool:
        return self.state in (ReportState.READY, ReportState.FAILED)


class StudentRows(Kept):
    """What the sections of a report say of one student: rows by kind and table."""

    report_id: str
    student: str
    rows: dict[ReportKind, dict[str, list[JsonValue]]]


def namespace(tenant: str) -> str:
    """Return the name of a tenant's namespace."""
    return f"analysis-{tenant}"


def chunk_id(report_id: str, kind: ReportKind, number: int) -> str:
    """Return the id of one chunk of a section; ids sort as their numbers do."""
    return f"{report_id}:{kind}:{number:06d}"


def student_id(report_id: str, student: str) -> str:
    return f"{report_id}:{student}"


def _report_index(report: Report) -> Mapping[str, Value]:
    return {"test": report.request.test_ids, "state": report.state}


REPORTS = Table(
    Kind("Report", frozenset({"test", "state"})), Report, id_of=lambda report: report.id, index=_report_index
)
STUDENT_ROWS = Table(Kind("StudentRows"), StudentRows, id_of=lambda rows: student_id(rows.report_id, rows.student))
CHUNKS = Kind("ReportChunk")
"""Bytes of a section's JSON: no record, only a body."""

KINDS: tuple[Kind, ...] = (REPORTS.kind, STUDENT_ROWS.kind, CHUNKS)
