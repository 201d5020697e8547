"""What is alike between students beyond chance: evidence for a person to weigh, never a verdict."""

from __future__ import annotations

import graphene

from resolvers import report_sections as sections
from schema.guarded import Guarded, computed, listed
from schema.payloads import PAGING, connection
from schema.reports.rows import STAFF, column

EVIDENCE = "Evidence for a person to weigh, never a verdict."


class ReportPairMember(Guarded):
    class Meta:
        access = STAFF

    attempt_id = column(graphene.NonNull(graphene.ID), "attemptId")
    student_id = column(graphene.NonNull(graphene.ID), "studentId")
    name = column(graphene.String, "name")


class ReportPair(Guarded):
    """Two students who are more alike than chance explains: evidence for a person to weigh, never a verdict."""

    class Meta:
        abstract = True

    members = computed(
        graphene.NonNull(graphene.List(graphene.NonNull(ReportPairMember))),
        sections.members,
        description="In no telling order: the figures do not tell who did what.",
    )
    expected = column(graphene.Float, "expected", description="How many alike chance lets expect.")
    significance = column(
        graphene.Float, "p", description="How probable so many alike are by chance, in this pair alone."
    )
    adjusted = column(
        graphene.Float, "corrected", description="The same with regard to every pair that was tried (Bonferroni)."
    )
    same_address = column(
        graphene.Boolean, "sameAddress", description="Whether they share an address; null where it is not known."
    )
    same_device = column(
        graphene.Boolean, "sameDevice", description="Whether they share a device; null where it is not known."
    )


class ReportAnswersAlike(ReportPair):
    """Two students with improbably many identical wrong answers (the index ω): evidence for a person to weigh,
    never a verdict."""

    class Meta:
        access = STAFF

    identical_wrong = column(graphene.Int, "identicalWrong")
    wrong = column(
        graphene.NonNull(graphene.List(graphene.NonNull(graphene.Int))),
        "wrong",
        description="How many wrong answers each gave, the fewer first.",
    )
    index = column(graphene.Float, "omega", description="ω: how far above chance, in standard deviations.")


class ReportPacesAlike(ReportPair):
    """Two students who went from answer to answer at the same pace improbably often: evidence for a person to
    weigh, never a verdict."""

    class Meta:
        access = STAFF

    steps_alike = column(graphene.Int, "stepsAlike")
    steps_shared = column(graphene.Int, "stepsShared", description="Steps that both took.")


ReportAnswersAlikeConnection = connection(ReportAnswersAlike)
ReportPacesAlikeConnection = connection(ReportPacesAlike)


class ReportSearch(Guarded):
    """How many pairs were tried, without which no significance says anything."""

    class Meta:
        abstract = True

    pairs_tried = column(graphene.NonNull(graphene.Int), "pairs")
    comparisons = column(graphene.NonNull(graphene.Int), "comparisons")
    correction = column(graphene.String, "correction", description="By what `adjusted` is adjusted.")


class ReportAnswerSearch(ReportSearch):
    """Wrong answers in common: evidence for a person to weigh, never a verdict."""

    class Meta:
        access = STAFF

    pairs = computed(graphene.NonNull(ReportAnswersAlikeConnection), sections.pairs, **PAGING)


class ReportPaceSearch(ReportSearch):
    """The same pace: evidence for a person to weigh, never a verdict."""

    class Meta:
        access = STAFF

    pairs = computed(graphene.NonNull(ReportPacesAlikeConnection), sections.pairs, **PAGING)


class ReportSharing(Guarded):
    """An address or a device that several students' attempts came from. A laboratory or a family shares a line:
    evidence for a person to weigh, never a verdict."""

    class Meta:
        access = STAFF

    value = column(graphene.NonNull(graphene.String), "value", description="A hash; the same is the same.")
    students = column(graphene.NonNull(graphene.Int), "students", description="How many share it.")
    crowd = column(graphene.NonNull(graphene.Boolean), "crowd", description="So many that none is listed.")
    attempt_ids = listed(graphene.ID, resolver=lambda row, _: row["attempts"])


ReportSharingConnection = connection(ReportSharing)


class ReportIntegrity(Guarded):
    """What is alike between students beyond chance. Evidence for a person to weigh, never a verdict: likeness can
    have honest reasons. The least probable pairs come first."""

    class Meta:
        access = STAFF

    note = column(graphene.NonNull(graphene.String), "note", description="To be shown with the figures.")
    students = column(graphene.NonNull(graphene.Int), "students")
    listed_below = column(
        graphene.NonNull(graphene.Float),
        "significantBelow",
        description="Pairs are listed whose `adjusted` is lower.",
    )
    skipped = column(graphene.String, "skipped", description="Why no pairs were searched; null where they were.")
    answers = computed(graphene.NonNull(ReportAnswerSearch), sections.answers_alike, description=EVIDENCE)
    paces = computed(graphene.NonNull(ReportPaceSearch), sections.paces_alike, description=EVIDENCE)
    addresses = computed(
        graphene.NonNull(ReportSharingConnection), sections.addresses, description=EVIDENCE, **PAGING
    )
    devices = computed(graphene.NonNull(ReportSharingConnection), sections.devices, description=EVIDENCE, **PAGING)
