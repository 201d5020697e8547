"""The standings: everybody's place."""

from __future__ import annotations

from fractions import Fraction

import graphene

from schema.guarded import Guarded, computed
from schema.payloads import connection
from schema.reports.rows import STAFF, column
from schema.scalars import Marks


class ReportStanding(Guarded):
    """A row of the standings. `counts`: false for an attempt beside the student's best."""

    class Meta:
        access = STAFF

    test_id = column(graphene.NonNull(graphene.ID), "test")
    attempt_id = column(graphene.NonNull(graphene.ID), "attemptId")
    student_id = column(graphene.NonNull(graphene.ID), "studentId")
    name = column(graphene.String, "name")
    external_id = column(graphene.String, "externalId")
    rank = column(graphene.NonNull(graphene.Int), "rank")
    percentile = column(graphene.NonNull(graphene.String), "percentile")
    score = computed(Marks, lambda row, _: Fraction(row["score"]), description="Exact.")
    counts = column(graphene.Boolean, "counts")


ReportStandingConnection = connection(ReportStanding)


class ReportSession(Guarded):
    """One of the tests that are ranked together: how many sat it, and their scores' range."""

    class Meta:
        access = STAFF

    test_id = column(graphene.NonNull(graphene.ID), "test")
    appeared = column(graphene.NonNull(graphene.Int), "appeared")
    highest = computed(Marks, lambda row, _: Fraction(row["highest"]), description="Exact.")
    lowest = computed(Marks, lambda row, _: Fraction(row["lowest"]), description="Exact.")


class ReportTieBreak(Guarded):
    """A key by which ties were broken. `ignored`: nobody was tested in its subject, so that it decided nothing."""

    class Meta:
        access = STAFF

    subject = column(graphene.String, "subject")
    wrong_ratio = column(graphene.NonNull(graphene.Boolean), "wrongRatio")
    ignored = column(graphene.NonNull(graphene.Boolean), "ignored")
