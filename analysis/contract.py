"""What other services may know of the Analysis Platform: its wire models."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationInfo, field_validator
from pydantic.alias_generators import to_camel


class ReportKind(StrEnum):
    STANDINGS = "STANDINGS"
    TEST = "TEST"
    ITEMS = "ITEMS"
    BEHAVIOUR = "BEHAVIOUR"
    STUDENT = "STUDENT"
    INTEGRITY = "INTEGRITY"
    CALIBRATION = "CALIBRATION"


class CalibrationModel(StrEnum):
    RASCH = "RASCH"
    TWO_PARAMETER = "TWO_PARAMETER"


class ReportState(StrEnum):
    REQUESTED = "REQUESTED"
    RUNNING = "RUNNING"
    READY = "READY"
    FAILED = "FAILED"


class Wire(BaseModel):
    """A model of the REST interface: camelCase on the wire."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True)


class TieBreak(Wire):
    """One key of a tie: the higher percentile of `subject` (`None`: overall), or, with `wrong_ratio`, the lower
    ratio of wrong to right answers."""

    subject: str | None = None
    wrong_ratio: bool = False


class TieBreakPreset(StrEnum):
    """The declared keys of a well-known examination, in their order."""

    JEE_MAIN_2025 = "JEE_MAIN_2025"
    NEET_2025 = "NEET_2025"


class ReportOptions(Wire):
    """`groups`: only attempts of these. `idle_seconds`: each stretch between two events counts for no longer.
    `tie_breaks`: in their order, or those of `tie_break_preset`. `client_clock`: times are the clients' word, also
    where the server's clock contradicts: for simulations."""

    groups: tuple[str, ...] = ()
    idle_seconds: int = Field(default=300, ge=10, le=7_200)
    tie_breaks: tuple[TieBreak, ...] = ()
    tie_break_preset: TieBreakPreset | None = None
    client_clock: bool = False

    @field_validator("tie_break_preset")
    @classmethod
    def _either_or(cls, preset: TieBreakPreset | None, given: ValidationInfo) -> TieBreakPreset | None:
        if preset is not None and given.data.get("tie_breaks"):
            raise ValueError("name a preset or say the keys of ties, not both")
        return preset


class ReportRequest(Wire):
    """Several tests are merged as sessions of one. The same request, while nothing was graded since, is the same
    report: `idempotency_key` says so."""

    tenant: str = Field(min_length=1, max_length=40)
    test_ids: tuple[str, ...] = Field(min_length=1, max_length=20)
    kinds: tuple[ReportKind, ...] = Field(min_length=1)
    options: ReportOptions = ReportOptions()
    idempotency_key: str = Field(min_length=1, max_length=200)


class ReportView(Wire):
    """`sections`: what is ready, by kind. `reason`: why it failed, for a teacher. `key_versions` by test."""

    id: str
    tenant: str
    test_ids: tuple[str, ...]
    kinds: tuple[ReportKind, ...]
    state: ReportState
    progress: float = Field(ge=0, le=1)
    reason: str | None
    key_versions: dict[str, int]
    students: int | None
    requested_at: datetime
    ready_at: datetime | None
    sections: dict[ReportKind, JsonValue]


class SubjectStanding(Wire):
    rank: int
    percentile: str


class Standing(Wire):
    """A student's place in one test: ranks from 1, percentiles with seven decimals, by subject and in total."""

    attempt_id: str
    rank: int
    percentile: str
    subjects: dict[str, SubjectStanding]


class StandingsPage(Wire):
    """What AP writes back to TP: `PUT /v1/tenants/{tenant}/tests/{test}/standings`, in pages."""

    report_id: str
    key_version: int
    standings: tuple[Standing, ...] = Field(max_length=1_000)
    last: bool


class ReportPage(Wire):
    """`next` is the cursor of the next page, `None` on the last."""

    reports: tuple[ReportView, ...]
    next: str | None


class StudentView(Wire):
    """What a report says of one student: rows by kind and table."""

    report_id: str
    student_id: str
    rows: dict[ReportKind, dict[str, list[JsonValue]]]


class TenantPurge(Wire):
    """`deleted` records in this request; `more`: it stopped at its bound."""

    deleted: int
    more: bool


class Link(Wire):
    """Opens the page of one report in a browser, to whoever has it, until it expires."""

    url: str
    expires_at: datetime


Section = dict[str, Any]
"""One report as JSON: tables as lists of objects, figures that are not defined as null, never NaN."""
