"""The questions: how hard, how telling, and which to look at."""

from __future__ import annotations

import graphene

from schema.guarded import Guarded
from schema.payloads import connection
from schema.reports.rows import STAFF, column, columns


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


ReportItemConnection = connection(ReportItem)
