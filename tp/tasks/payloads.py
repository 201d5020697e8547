"""What the tasks of this platform are told: their types, and the models of their payloads."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from tp.domain.value import Instant

CHUNK = 100
"""Attempts that one task grades."""


class TaskType(StrEnum):
    FINALISE = "tp.finalise"
    GRADE = "tp.grade"
    RESCORE = "tp.rescore"
    RETIME = "tp.retime"
    HEED = "tp.heed"
    PREPARE = "tp.prepare"
    EXPORT_RESULTS = "tp.export_results"
    EXPORT_TENANT = "tp.export_tenant"
    PURGE_TENANT = "tp.purge_tenant"
    REQUEST_REPORT = "tp.request_report"


class Payload(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True)


class OfTest(Payload):
    test_id: str


class Grade(OfTest):
    """`attempt_ids`: those to grade; left out, all closed ones of the test."""

    attempt_ids: tuple[str, ...] | None = Field(default=None, max_length=CHUNK)


class Rescore(OfTest):
    """`job_id`: the job of whoever waits for the difference."""

    job_id: str | None = None


class Prepare(OfTest):
    """For the window that opens at `opens_at`, and for no other."""

    opens_at: Instant


class OfJob(Payload):
    job_id: str


class OfReport(Payload):
    report_id: str


class OfNotice(Payload):
    notice_id: str


class OfTenant(Payload):
    """The task itself names the tenant."""
