"""The platform's enumerations as GraphQL has them."""

from __future__ import annotations

import graphene

from analysis import contract as analysis
from tenants.roles import Permission as PermissionValue
from tenants.roles import Role as RoleValue
from tp import tables
from tp.domain import (
    attempt,
    deadline,
    events,
    grading,
    marking,
    notices,
    palette,
    paper,
    presence,
    problem,
    question,
    test,
)
from tp.domain.exchange.imported import LossCode as LossCodeValue
from tp.services.authoring.importing import Format
from tp.services.jobs import JobState

AttemptState = graphene.Enum.from_enum(attempt.AttemptState)
CalibrationModel = graphene.Enum.from_enum(analysis.CalibrationModel)
ClosedBy = graphene.Enum.from_enum(attempt.ClosedBy)
DeadlineReason = graphene.Enum.from_enum(deadline.DeadlineReason)
DropPolicy = graphene.Enum.from_enum(paper.DropPolicy)
EventType = graphene.Enum.from_enum(events.EventType)
ExportFormat = graphene.Enum.from_enum(tables.ExportFormat)
ImportFormat = graphene.Enum.from_enum(Format, name="ImportFormat")
LossCode = graphene.Enum.from_enum(LossCodeValue)
NoticeKind = graphene.Enum.from_enum(notices.NoticeKind)
Outcome = graphene.Enum.from_enum(grading.Outcome)
Presence = graphene.Enum.from_enum(presence.Presence)
PaletteState = graphene.Enum.from_enum(palette.PaletteState)
Partial = graphene.Enum.from_enum(marking.Partial)
Permission = graphene.Enum.from_enum(PermissionValue)
QuestionType = graphene.Enum.from_enum(question.QuestionType)
ReportKind = graphene.Enum.from_enum(analysis.ReportKind)
ReportState = graphene.Enum.from_enum(analysis.ReportState)
Role = graphene.Enum.from_enum(RoleValue)
Rounding = graphene.Enum.from_enum(marking.Rounding)
TaskKind = graphene.Enum.from_enum(tables.JobKind, name="TaskKind")
TaskState = graphene.Enum.from_enum(JobState, name="TaskState")
TestState = graphene.Enum.from_enum(test.TestState)
UserErrorCode = graphene.Enum.from_enum(problem.Code, name="UserErrorCode")
