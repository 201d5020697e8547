"""Results, and corrections of keys."""

from __future__ import annotations

import graphene

from resolvers import results
from schema.access import AUTHENTICATED, holders
from schema.answer_key import KeyInput, QuestionKey
from schema.enums import DropPolicy, Outcome
from schema.guarded import Guarded, attribute, computed, mutation
from schema.payloads import Payload
from schema.people import User
from schema.scalars import DateTime, Marks
from tenants.roles import Permission as May

AUTHORS = holders(May.AUTHOR)


class Sum(Guarded):
    """Marks and counts over some questions; pending ones wait to be graded by hand."""

    class Meta:
        access = AUTHENTICATED

    marks = Marks(required=True)
    maximum = Marks(required=True)
    correct = graphene.Int(required=True)
    partial = graphene.Int(required=True)
    wrong = graphene.Int(required=True)
    unanswered = graphene.Int(required=True)
    dropped = graphene.Int(required=True)
    pending = graphene.Int(required=True)


class SectionResult(Guarded):
    class Meta:
        access = AUTHENTICATED

    section_id = computed(graphene.NonNull(graphene.ID), lambda entry, _: entry[0])
    sum = computed(graphene.NonNull(Sum), lambda entry, _: entry[1])


class QuestionResult(Guarded):
    """While the score's gate is shut, `marks`, `outcome` and `counted` are null; while the key's is, `key`."""

    class Meta:
        access = AUTHENTICATED

    question_id = graphene.ID(required=True)
    outcome = computed(Outcome, lambda shown, _: shown.graded and shown.graded.outcome)
    marks = computed(Marks, lambda shown, _: shown.graded and shown.graded.marks)
    counted = computed(graphene.Boolean, lambda shown, _: shown.graded and shown.graded.counted)
    key = computed(QuestionKey, lambda shown, _: shown.entry and shown.entry.key)
    dropped = computed(DropPolicy, lambda shown, _: shown.entry and shown.entry.dropped)


class Result(Guarded):
    """Exact marks under one version of the answer key; fields behind a shut gate are null."""

    class Meta:
        access = AUTHENTICATED

    key_version = attribute(graphene.NonNull(graphene.Int), "result.key_version")
    graded_at = attribute(graphene.NonNull(DateTime), "result.graded_at")
    total = computed(Sum, results.total)
    sections = computed(graphene.List(graphene.NonNull(SectionResult)), results.sections)
    questions = computed(graphene.NonNull(graphene.List(graphene.NonNull(QuestionResult))), results.questions)


class CorrectionInput(graphene.InputObjectType):
    """What a question's key becomes; `dropped` says who gets full marks for it, left out: it counts."""

    question_id = graphene.ID(required=True)
    key = graphene.InputField(KeyInput)
    dropped = DropPolicy()


class CorrectAnswerKeyInput(graphene.InputObjectType):
    test_id = graphene.ID(required=True)
    corrections = graphene.List(graphene.NonNull(CorrectionInput), required=True)
    reason = graphene.String(required=True, description="Goes into the audit log.")


class ScoreChange(Guarded):
    """An attempt whose total moved."""

    class Meta:
        access = AUTHORS

    attempt_id = graphene.ID(required=True)
    student = computed(User, results.changed_student)
    before = Marks(required=True)
    after = Marks(required=True)


class CorrectAnswerKeyPayload(Payload):
    """`scored` attempts were scored again; `changes` are those whose total moved. Where they are too many to wait
    for, both are null and `task` tells them when it is done."""

    class Meta:
        access = AUTHORS

    test = graphene.Field("schema.tests.Test")
    scored = graphene.Int()
    changes = graphene.List(graphene.NonNull(ScoreChange))
    task = graphene.Field("schema.tasks.Task")


class ResultMutations:
    correct_answer_key = mutation(
        CorrectAnswerKeyPayload,
        CorrectAnswerKeyInput,
        results.correct_answer_key,
        AUTHORS,
        "Make a new version of the key and score every attempt again.",
    )
