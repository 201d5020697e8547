"""What item response models say of the questions: how hard each is on a scale that other cohorts share."""

from __future__ import annotations

import graphene

from resolvers import report_sections as sections
from schema.enums import CalibrationModel
from schema.guarded import Guarded, computed
from schema.payloads import PAGING, connection
from schema.reports.rows import STAFF, column, columns


class ReportCalibrationModel(Guarded):
    """How well one model could be fitted to one test."""

    class Meta:
        access = STAFF

    test_id = column(graphene.NonNull(graphene.ID), "test")
    model = column(graphene.NonNull(CalibrationModel), "model")
    students = column(graphene.NonNull(graphene.Int), "students")
    questions = column(graphene.NonNull(graphene.Int), "questions", description="Those that could be calibrated.")
    converged = column(graphene.NonNull(graphene.Boolean), "converged")
    reason = column(graphene.String, "reason", description="Why there are no estimates, or why to doubt them.")
    rounds = column(graphene.NonNull(graphene.Int), "rounds")
    log_likelihood = column(graphene.Float, "logLikelihood")
    ability_deviation = column(graphene.Float, "abilityDeviation", description="Of the cohort, in logits.")
    standard_errors = column(graphene.String, "standardErrors", description="How they were computed.")


class ReportCalibratedItem(Guarded):
    """A question under one model: P(right) = 1 ÷ (1 + exp(−discrimination · (ability − difficulty))). Without
    figures where it could not be calibrated. A fit of 1 is as expected."""

    class Meta:
        access = STAFF

    test_id = column(graphene.NonNull(graphene.ID), "test")
    question_id = column(graphene.NonNull(graphene.ID), "question")
    number = column(graphene.Int, "number")
    subject = column(graphene.String, "subject")
    model = column(graphene.NonNull(CalibrationModel), "model")
    difficulty = column(graphene.Float, "difficulty")
    difficulty_error = column(graphene.Float, "difficultyError", description="The standard error.")
    discrimination = column(graphene.Float, "discrimination", description="1 under the Rasch model.")
    discrimination_error = column(
        graphene.Float, "discriminationError", description="The standard error; null under the Rasch model."
    )
    infit = column(graphene.Float, "infit", description="Fit where the question tells most.")
    outfit = column(graphene.Float, "outfit", description="Fit, outliers included.")


ReportCalibratedItemConnection = connection(ReportCalibratedItem)


class ReportCalibration(Guarded):
    """The Rasch model and the two-parameter logistic model, fitted to each test."""

    class Meta:
        access = STAFF

    models = columns(ReportCalibrationModel, "models")
    items = computed(
        graphene.NonNull(ReportCalibratedItemConnection),
        sections.calibrated_items,
        **PAGING,
        model=CalibrationModel(description="Only under this."),
    )
