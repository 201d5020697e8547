"""Reports that staff ask for: standings, questions, scores, and how the cohort worked."""

from __future__ import annotations

from fractions import Fraction

import graphene

from resolvers import reports
from schema.access import holders
from schema.enums import ReportKind, ReportState
from schema.guarded import Guarded, computed, listed, mutation, root
from schema.payloads import PAGING, Payload, connection
from schema.scalars import DateTime, Marks
from schema.standings import column, columns
from schema.tests import Test
from tenants.roles import Permission as May

STAFF = holders(May.SEE_RESULTS)


class ReportStanding(Guarded):
    """A row of the standings. `counts`: false for an attempt beside the student's best."""

    class Meta:
        access = STAFF

    attempt_id = column(graphene.NonNull(graphene.ID), "attemptId")
    student_id = column(graphene.NonNull(graphene.ID), "studentId")
    name = column(graphene.String, "name")
    external_id = column(graphene.String, "externalId")
    rank = column(graphene.NonNull(graphene.Int), "rank")
    percentile = column(graphene.NonNull(graphene.String), "percentile")
    score = computed(Marks, lambda row, _: Fraction(row["score"]), description="Exact.")
    counts = column(graphene.Boolean, "counts")


class ReportItemFlag(Guarded):
    class Meta:
        access = STAFF

    code = column(graphene.NonNull(graphene.String), "code")
    reason = column(graphene.String, "reason")


class ReportItemOption(Guarded):
    """How often an option was chosen, by whom, and how that goes with the rest of the test."""

    class Meta:
        access = STAFF

    option_id = column(graphene.ID, "option")
    label = column(graphene.String, "label")
    right = column(graphene.Boolean, "right")
    students = column(graphene.Int, "students")
    share = column(graphene.Float, "share")
    upper = column(graphene.Float, "upper")
    lower = column(graphene.Float, "lower")
    point_biserial = column(graphene.Float, "pointBiserial")


class ReportItem(Guarded):
    """A question's statistics; `flags` say why to look at it."""

    class Meta:
        access = STAFF

    question_id = column(graphene.NonNull(graphene.ID), "question")
    number = column(graphene.Int, "number")
    subject = column(graphene.String, "subject")
    topic = column(graphene.String, "topic")
    students = column(graphene.Int, "students")
    facility = column(graphene.Float, "facility")
    discrimination = column(graphene.Float, "discrimination")
    upper_lower = column(graphene.Float, "upperLower")
    omitted = column(graphene.Float, "omitted")
    options = columns(ReportItemOption, "options")
    flags = columns(ReportItemFlag, "flags")


class ReportBin(Guarded):
    class Meta:
        access = STAFF

    low = column(graphene.Float, "from")
    high = column(graphene.Float, "to")
    students = column(graphene.Int, "students")


class ReportScores(Guarded):
    """The distribution of scores, in a test or a part of it."""

    class Meta:
        access = STAFF

    title = column(graphene.String, "title")
    students = column(graphene.Int, "students")
    mean = column(graphene.Float, "mean")
    median = column(graphene.Float, "median")
    deviation = column(graphene.Float, "deviation")
    lower_quartile = column(graphene.Float, "lowerQuartile")
    upper_quartile = column(graphene.Float, "upperQuartile")
    minimum = column(graphene.Float, "minimum")
    maximum = column(graphene.Float, "maximum")
    possible = column(graphene.Float, "possible")
    alpha = column(graphene.Float, "alpha")
    measurement_error = column(graphene.Float, "measurementError")
    histogram = columns(ReportBin, "histogram")


class ReportTest(Guarded):
    class Meta:
        access = STAFF

    test_id = column(graphene.NonNull(graphene.ID), "test")
    total = column(ReportScores, "total")
    sections = columns(ReportScores, "sections")
    subjects = columns(ReportScores, "subjects")


class ReportTime(Guarded):
    """Where the time went in a question or a subject: seconds, quartiles over the students."""

    class Meta:
        access = STAFF

    subject = column(graphene.String, "subject")
    question_id = column(graphene.ID, "question")
    number = column(graphene.Int, "number")
    topic = column(graphene.String, "topic")
    time_median = column(graphene.Float, "timeMedian")
    time_lower = column(graphene.Float, "timeQ1")
    time_upper = column(graphene.Float, "timeQ3")
    returns = column(graphene.Float, "returns")
    changes = column(graphene.Int, "changes")
    gained = column(graphene.Float, "gained")
    sunk = column(graphene.Float, "sunk")
    rapid = column(graphene.Int, "rapid")


class ReportBehaviour(Guarded):
    """How the cohort worked."""

    class Meta:
        access = STAFF

    students = column(graphene.Int, "students")
    subjects = columns(ReportTime, "subjects")
    questions = columns(ReportTime, "questions")


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


ReportStandingConnection = connection(ReportStanding)
ReportItemConnection = connection(ReportItem)


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
    requested_at = computed(graphene.NonNull(DateTime), lambda report, _: report.asked_at)
    ready_at = DateTime()
    page = computed(ReportAddress, reports.page, description="To read and print; made anew each time.")
    standings = computed(ReportStandingConnection, reports.standings, **PAGING)
    items = computed(
        ReportItemConnection,
        reports.items,
        **PAGING,
        to_look_at=graphene.Boolean(required=True, default_value=False, description="Only those with a flag."),
    )
    scores = computed(graphene.List(graphene.NonNull(ReportTest)), reports.scores)
    behaviour = computed(ReportBehaviour, reports.behaviour)


ReportConnection = connection(Report)


class TieBreakInput(graphene.InputObjectType):
    """One key of a tie: the higher percentile of `subject`, or, with `wrongRatio`, the lower ratio of wrong to
    right answers in it; without a subject, in all."""

    subject = graphene.String()
    wrong_ratio = graphene.Boolean(required=True, default_value=False)


class RequestReportInput(graphene.InputObjectType):
    """Several tests are merged as sessions of one. `groups`: only their students. `idleSeconds`: what visits are
    clipped to."""

    test_ids = graphene.List(graphene.NonNull(graphene.ID), required=True)
    kinds = graphene.List(graphene.NonNull(ReportKind), required=True)
    groups = graphene.List(graphene.NonNull(graphene.String))
    idle_seconds = graphene.Int()
    tie_breaks = graphene.List(graphene.NonNull(TieBreakInput))
    client_clock = graphene.Boolean(
        description="Take times from the clients' clocks even against the server's: for simulations."
    )


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
