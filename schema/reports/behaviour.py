"""How the cohort worked."""

from __future__ import annotations

import graphene

from schema.guarded import Guarded
from schema.reports.rows import STAFF, column, columns


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
