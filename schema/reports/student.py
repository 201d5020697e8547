"""What a student may see of a report: the own place among all, and the own page."""

from __future__ import annotations

import graphene

from schema.access import AUTHENTICATED
from schema.guarded import Guarded, computed
from schema.reports.rows import column, columns


class SubjectStanding(Guarded):
    class Meta:
        access = AUTHENTICATED

    subject = computed(graphene.NonNull(graphene.String), lambda entry, _: entry[0])
    rank = computed(graphene.NonNull(graphene.Int), lambda entry, _: entry[1].rank)
    percentile = computed(graphene.NonNull(graphene.String), lambda entry, _: entry[1].percentile)


class Standing(Guarded):
    """An attempt's place under the key version that it is scored by: ranks from 1, percentiles with seven
    decimals."""

    class Meta:
        access = AUTHENTICATED

    rank = graphene.Int(required=True)
    percentile = graphene.String(required=True)
    key_version = graphene.Int(required=True)
    subjects = computed(
        graphene.NonNull(graphene.List(graphene.NonNull(SubjectStanding))),
        lambda standing, _: list(standing.subjects.items()),
    )


class PartReport(Guarded):
    """A subject or a topic: its marks as a share of those to be had, beside the cohort's mean; time in seconds,
    beside its median."""

    class Meta:
        access = AUTHENTICATED

    name = column(graphene.NonNull(graphene.String), "part")
    questions = column(graphene.Int, "questions")
    right = column(graphene.Int, "right")
    wrong = column(graphene.Int, "wrong")
    unanswered = column(graphene.Int, "unanswered")
    share = column(graphene.Float, "share")
    share_mean = column(graphene.Float, "shareMean")
    time = column(graphene.Float, "time")
    time_median = column(graphene.Float, "timeMedian")
    sunk = column(graphene.Float, "sunk", description="Seconds on answers that stayed wrong.")


class StudentReport(Guarded):
    """What went well, where the time went, and what to change next time; times in seconds."""

    class Meta:
        access = AUTHENTICATED

    time = column(graphene.Float, "time")
    idle = column(graphene.Float, "idle")
    away = column(graphene.Float, "away")
    sunk = column(graphene.Float, "sunk", description="Seconds on answers that stayed wrong.")
    returns = column(graphene.Int, "returns")
    changes = column(graphene.Int, "changes")
    gained = column(graphene.Float, "gained", description="Marks that changed answers gained or lost.")
    rapid = column(graphene.Int, "rapid", description="Answers given too fast to have been read.")
    subjects = columns(PartReport, "subjects")
    topics = columns(PartReport, "topics")
    sentences = computed(
        graphene.NonNull(graphene.List(graphene.NonNull(graphene.String))),
        lambda row, _: [sentence["text"] for sentence in row.get("sentences") or []],
    )
