"""Tests: written, published, assigned, released."""

from __future__ import annotations

import graphene

from resolvers import reports, tests
from schema.access import AUTHENTICATED, allow, holders
from schema.answer_key import QuestionKey
from schema.enums import AttemptState, DropPolicy, TestState
from schema.guarded import Guarded, attribute, computed, listed, mutation, root
from schema.marking import MarkingRule, MarkingRuleInput, MarkingScheme, MarkingSchemeInput
from schema.node import Node
from schema.paper import Paper
from schema.payloads import PAGING, Payload, UserError, connection
from schema.people import User
from schema.scalars import DateTime, Marks
from schema.text import instructions_html
from tenants.roles import Permission as May
from tp.domain.presets import PRESETS

AUTHORS = holders(May.AUTHOR)
BANK = holders(May.SEE_QUESTIONS)
STAFF = holders(May.SEE_TESTS)
STAFF_AND_STUDENTS = holders(May.SEE_TESTS, May.SIT_TESTS)


class Placement(Guarded):
    """A question's place in a test; without `version`, the newest at publishing."""

    class Meta:
        access = STAFF

    question_id = graphene.ID(required=True)
    version = graphene.Int()
    question = computed("schema.questions.Question", tests.placed_question, BANK)
    marks = Marks()
    marking = attribute(MarkingRule, "rule")


class Section(Guarded):
    """A subject of a test."""

    class Meta:
        access = AUTHENTICATED

    id = graphene.ID(required=True)
    title = graphene.String(required=True)
    subject = graphene.String()
    answer_any = graphene.Int()
    marking = attribute(MarkingScheme, "scheme")
    question_count = computed(graphene.NonNull(graphene.Int), lambda section, _: len(section.questions))
    questions = allow(listed(Placement), STAFF)


class Schedule(Guarded):
    """The window in which attempts may start."""

    class Meta:
        access = AUTHENTICATED

    opens_at = DateTime()
    closes_at = DateTime()


class Gates(Guarded):
    """What students see of their results."""

    class Meta:
        access = AUTHENTICATED

    score = graphene.Boolean(required=True)
    responses = graphene.Boolean(required=True)
    key = graphene.Boolean(required=True)


class Accommodation(Guarded):
    """A right to other conditions."""

    class Meta:
        access = STAFF

    time_factor = Marks(description="Multiplies the duration: `3/2` is half as much again.")
    extra_minutes = graphene.Int()
    extension_minutes = graphene.Int(description="Moves the window's close.")
    past_window = graphene.Boolean(description="Whether extra time runs past the window's close.")


class KeyInForce(Guarded):
    """What is right of one question under the newest version of the key."""

    class Meta:
        access = holders(May.SEE_RESULTS)

    question_id = computed(graphene.NonNull(graphene.ID), lambda entry, _: entry[0])
    key = computed(QuestionKey, lambda entry, _: entry[1].key)
    dropped = computed(DropPolicy, lambda entry, _: entry[1].dropped)


class Test(Guarded):
    """A student sees a test that is assigned and published, without its questions until it starts."""

    class Meta:
        interfaces = (Node,)
        access = AUTHENTICATED

    title = graphene.String(required=True)
    state = TestState(required=True)
    instructions = graphene.String()
    instructions_html = instructions_html()
    sections = listed(Section)
    schedule = graphene.Field(graphene.NonNull(Schedule))
    duration_seconds = graphene.Int(required=True)
    grace_seconds = graphene.Int(required=True)
    marking = attribute(graphene.NonNull(MarkingScheme), "scheme")
    declared_total = Marks()
    shuffle_questions = graphene.Boolean(required=True)
    shuffle_options = graphene.Boolean(required=True)
    attempts_allowed = graphene.Int(required=True)
    accommodation = allow(graphene.Field(graphene.NonNull(Accommodation)), STAFF)
    gates = graphene.Field(graphene.NonNull(Gates))
    owner = computed(User, tests.owner, STAFF)
    key_version = allow(graphene.Int(), STAFF)
    created_at = DateTime(required=True)
    updated_at = DateTime(required=True)
    published_at = DateTime()
    closed_at = DateTime()
    released_at = DateTime()
    paper = computed(Paper, tests.paper, STAFF, description="In its author's order.")
    answer_key = computed(
        graphene.List(graphene.NonNull(KeyInForce)),
        tests.answer_key,
        holders(May.SEE_RESULTS),
        description="Of a test of one's own: what is right now, as it was last corrected.",
    )
    problems = computed(
        graphene.NonNull(graphene.List(graphene.NonNull(UserError))),
        tests.problems,
        AUTHORS,
        description="What `publishTest` would refuse the draft for.",
    )
    warnings = computed(
        graphene.NonNull(graphene.List(graphene.NonNull(UserError))),
        tests.warnings,
        AUTHORS,
        description="What is not shown as it was meant, as a formula by its source. It hinders no publishing.",
    )
    attempts = computed(
        graphene.NonNull("schema.attempts.AttemptConnection"),
        tests.attempts,
        state=AttemptState(),
        **PAGING,
        description="All of them to staff, to a student its own.",
    )
    reports = computed(
        graphene.NonNull("schema.reports.report.ReportConnection"),
        reports.of_test,
        holders(May.SEE_RESULTS),
        **PAGING,
        description="Those about tests of one's own.",
    )


TestConnection = connection(Test)


class PlacementInput(graphene.InputObjectType):
    """`marks` scale the effective rule; `marking` replaces it."""

    question_id = graphene.ID(required=True)
    version = graphene.Int()
    marks = Marks()
    marking = graphene.InputField(MarkingRuleInput)


class SectionInput(graphene.InputObjectType):
    title = graphene.String(required=True)
    subject = graphene.String()
    marking = graphene.InputField(MarkingSchemeInput)
    answer_any = graphene.Int()
    questions = graphene.List(graphene.NonNull(PlacementInput))


class ScheduleInput(graphene.InputObjectType):
    opens_at = DateTime()
    closes_at = DateTime()


class AccommodationInput(graphene.InputObjectType):
    """What is left out says nothing, and leaves what the test or a group says."""

    time_factor = Marks()
    extra_minutes = graphene.Int()
    extension_minutes = graphene.Int()
    past_window = graphene.Boolean()


class SettingsOfTest:
    """What `createTest` and `updateTest` take alike; left out, it stays as it is, or at its default."""

    instructions = graphene.String()
    sections = graphene.List(graphene.NonNull(SectionInput))
    schedule = graphene.InputField(ScheduleInput)
    grace_seconds = graphene.Int()
    declared_total = Marks()
    shuffle_questions = graphene.Boolean()
    shuffle_options = graphene.Boolean()
    attempts_allowed = graphene.Int()
    accommodation = graphene.InputField(AccommodationInput)


class CreateTestInput(SettingsOfTest, graphene.InputObjectType):
    title = graphene.String(required=True)
    duration_seconds = graphene.Int(required=True)
    marking = graphene.InputField(graphene.NonNull(MarkingSchemeInput))


class UpdateTestInput(SettingsOfTest, graphene.InputObjectType):
    """A published test takes a new schedule and nothing else."""

    test_id = graphene.ID(required=True)
    title = graphene.String()
    duration_seconds = graphene.Int()
    marking = graphene.InputField(MarkingSchemeInput)


class TestIdInput(graphene.InputObjectType):
    test_id = graphene.ID(required=True)


class AssignTestInput(graphene.InputObjectType):
    """Up to 400 users and groups; a student's own accommodation wins over those of its groups, field by field."""

    test_id = graphene.ID(required=True)
    user_ids = graphene.List(graphene.NonNull(graphene.ID))
    groups = graphene.List(graphene.NonNull(graphene.String))
    accommodation = graphene.InputField(AccommodationInput)


class ReleaseResultsInput(graphene.InputObjectType):
    """Each gate is set to what is given: what is left out is shut."""

    test_id = graphene.ID(required=True)
    score = graphene.Boolean(required=True, default_value=False)
    responses = graphene.Boolean(required=True, default_value=False)
    key = graphene.Boolean(required=True, default_value=False)


class TestPayload(Payload):
    """The test as it is after the change."""

    class Meta:
        access = AUTHORS

    test = graphene.Field(Test)


class TestQueries:
    test = root(Test, tests.test, STAFF_AND_STUDENTS, id=graphene.ID(required=True))
    tests = root(graphene.NonNull(TestConnection), tests.tests, STAFF_AND_STUDENTS, state=TestState(), **PAGING)
    presets = root(
        graphene.NonNull(graphene.List(graphene.NonNull(MarkingScheme))),
        lambda _: list(PRESETS.values()),
        AUTHENTICATED,
        description="The marking schemes that can be named.",
    )


class TestMutations:
    create_test = mutation(TestPayload, CreateTestInput, tests.create_test, AUTHORS, "Write a draft.")
    update_test = mutation(TestPayload, UpdateTestInput, tests.update_test, AUTHORS, "Change a draft.")
    publish_test = mutation(
        TestPayload,
        TestIdInput,
        tests.publish_test,
        AUTHORS,
        "Freeze a draft into its paper and key; what is wrong with it is told all at once.",
    )
    close_test = mutation(
        TestPayload, TestIdInput, tests.close_test, AUTHORS, "Let no more attempts start; running ones go on."
    )
    assign_test = mutation(
        TestPayload, AssignTestInput, tests.assign_test, AUTHORS, "Give a test to users and groups."
    )
    release_results = mutation(
        TestPayload, ReleaseResultsInput, tests.release_results, AUTHORS, "Open or shut what students see."
    )
