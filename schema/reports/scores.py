"""The distribution of scores, in each test and its parts."""

from __future__ import annotations

import graphene

from schema.guarded import Guarded
from schema.reports.rows import STAFF, column, columns


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
