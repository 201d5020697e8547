"""A report: how it stands, and what it says."""

from __future__ import annotations

import graphene

from resolvers import report_sections, reports
from schema.enums import ReportKind, ReportState
from schema.guarded import Guarded, attribute, computed, listed, mutation, root
from schema.payloads import PAGING, Payload, connection
from schema.reports.asking import RequestReportInput
from schema.reports.behaviour import ReportBehaviour
from schema.reports.calibration import ReportCalibration
from schema.reports.integrity import EVIDENCE, ReportIntegrity
from schema.reports.items import ReportItemConnection
from schema.reports.rows import STAFF
from schema.reports.scores import ReportTest
from schema.reports.standings import ReportSession, ReportStandingConnection, ReportTieBreak
from schema.scalars import DateTime
from schema.tests import Test


class ReportKeyVersion(Guarded):
    class Meta:
        access = STAFF

    test_id = graphene.ID(required=True)
    version = graphene.Int(required=True)


class ReportAddress(Guarded):
    """Opens in a browser, to whoever has it, until it expires."""

    class Meta:
        access = STAFF

    url = graphene.String(required=True)
    expires_at = DateTime(required=True)


class Report(Guarded):
    """Seen by whoever asked for it, and by administrators. Sections are null until it is ready, and when it is not
    of their kind; a report that is ready never changes."""

    class Meta:
        access = STAFF

    id = graphene.ID(required=True)
    kinds = listed(ReportKind)
    state = ReportState(required=True)
    progress = graphene.Float(required=True, description="From 0 to 1.")
    reason = graphene.String(description="When it failed: why, and what to do.")
    tests = computed(graphene.NonNull(graphene.List(graphene.NonNull(Test))), reports.tests_of)
    key_versions = computed(graphene.NonNull(graphene.List(graphene.NonNull(ReportKeyVersion))), reports.made_from)
    students = graphene.Int()
    requested_at = attribute(graphene.NonNull(DateTime), "asked_at")
    ready_at = DateTime()
    page = computed(ReportAddress, reports.page, description="To read and print; made anew each time.")
    standings = computed(ReportStandingConnection, report_sections.standings, **PAGING)
    sessions = computed(graphene.List(graphene.NonNull(ReportSession)), report_sections.sessions)
    tie_breaks = computed(graphene.List(graphene.NonNull(ReportTieBreak)), report_sections.tie_breaks)
    items = computed(
        ReportItemConnection,
        report_sections.items,
        **PAGING,
        to_look_at=graphene.Boolean(required=True, default_value=False, description="Only those with a flag."),
    )
    scores = computed(graphene.List(graphene.NonNull(ReportTest)), report_sections.scores)
    behaviour = computed(ReportBehaviour, report_sections.behaviour)
    integrity = computed(ReportIntegrity, report_sections.integrity, description=EVIDENCE)
    calibration = computed(ReportCalibration, report_sections.calibration)


ReportConnection = connection(Report)


class ReportPayload(Payload):
    class Meta:
        access = STAFF

    report = graphene.Field(Report)


class ReportQueries:
    report = root(Report, reports.report, STAFF, id=graphene.ID(required=True))


class ReportMutations:
    request_report = mutation(
        ReportPayload,
        RequestReportInput,
        reports.request_report,
        STAFF,
        "Have a report made of one's own tests; ask for it again to follow it.",
    )
