"""The control room: what invigilators do during a sitting."""

from __future__ import annotations

from typing import Any

import graphene

from resolvers import invigilation
from schema.access import holders
from schema.attempts import Attempt
from schema.enums import AttemptState, Presence
from schema.guarded import Guarded, computed, mutation, root, streamed
from schema.payloads import PAGING, Payload, connection
from schema.people import User
from schema.scalars import DateTime
from schema.tests import Test
from tenants.roles import Permission as May

WATCHERS = holders(May.SEE_ATTEMPTS)
INVIGILATORS = holders(May.INVIGILATE, May.AUTHOR)


def of_counts(type_: Any, name: str, **options: Any) -> graphene.Field:
    """A field of the counts that an overview carries."""
    return computed(graphene.NonNull(type_), lambda overview, _: getattr(overview.counts, name), **options)


def of_progress(name: str) -> Any:
    async def resolve(sitter: Any, info: Any) -> int | None:
        progress = await invigilation.progress(sitter, info.context)
        return None if progress is None else getattr(progress, name)

    return resolve


class Whom(graphene.InputObjectType):
    """Which attempts an act is about."""

    class Meta:
        abstract = True

    test_id = graphene.ID(required=True)
    attempt_ids = graphene.List(
        graphene.NonNull(graphene.ID), description="Up to 500; null for all that are in progress."
    )
    request_id = graphene.String(description="Sent again with the same one, a request is done once.")


class ExtendAttemptsInput(Whom):
    """Minutes that are added to whatever else the attempts have."""

    minutes = graphene.Int(required=True)
    reason = graphene.String(required=True)


class PauseAttemptsInput(Whom):
    """While an attempt is paused its clock stands, and what is saved later than ten seconds is refused: PAUSED."""

    reason = graphene.String(required=True)


class ResumeAttemptsInput(Whom):
    """The time for which they stood is given back."""

    reason = graphene.String(required=True)


class ForceSubmitInput(Whom):
    """The attempts end now: what was on its way and arrives within the test's grace still counts."""

    reason = graphene.String(required=True)


class AnnounceInput(Whom):
    """The text comes with the next acknowledgement."""

    text = graphene.String(required=True)


class AttemptsPayload(Payload):
    """`changed`: how many running attempts it concerned; `attempts`: the first hundred of them."""

    class Meta:
        access = INVIGILATORS

    attempts = computed(
        graphene.NonNull(graphene.List(graphene.NonNull(Attempt))),
        lambda payload, _: payload.get("attempts", []),
    )
    changed = computed(graphene.NonNull(graphene.Int), lambda payload, _: payload.get("changed", 0))


class Announcement(Guarded):
    class Meta:
        access = INVIGILATORS

    id = computed(graphene.NonNull(graphene.ID), invigilation.notice_id)
    text = graphene.String(required=True)
    at = DateTime(required=True)


class AnnouncePayload(Payload):
    class Meta:
        access = INVIGILATORS

    announcement = graphene.Field(Announcement)


class StateCount(Guarded):
    class Meta:
        access = WATCHERS

    state = AttemptState(required=True)
    count = graphene.Int(required=True)


class MinuteCount(Guarded):
    """How many in the minute that begins at `at`; minutes with none are left out."""

    class Meta:
        access = WATCHERS

    at = DateTime(required=True)
    count = graphene.Int(required=True)


class SittingOverview(Guarded):
    """Counts of a test's attempts. `online`, `idle` and `offline` are together those in progress.

    Offline: nothing has come for 90 seconds. Idle: no event has come for two minutes.
    """

    class Meta:
        access = WATCHERS

    test = computed(graphene.NonNull(Test), invigilation.test_of)
    at = DateTime(required=True)
    expected = of_counts(graphene.Int, "expected", description="Students to whom the test is assigned.")
    states = of_counts(graphene.List(graphene.NonNull(StateCount)), "states")
    starts = of_counts(graphene.List(graphene.NonNull(MinuteCount)), "starts")
    submits = of_counts(graphene.List(graphene.NonNull(MinuteCount)), "submits")
    online = of_counts(graphene.Int, "online")
    idle = of_counts(graphene.Int, "idle")
    offline = of_counts(graphene.Int, "offline")
    away = of_counts(graphene.Int, "away", description="In progress, with the test's window left.")
    paused = of_counts(graphene.Int, "paused")


class SittingStudent(Guarded):
    """Somebody who sits, has sat or should: without an attempt, one who is expected."""

    class Meta:
        access = WATCHERS

    student = computed(User, invigilation.student)
    attempt = computed(Attempt, invigilation.attempt)
    presence = Presence(required=True)
    last_seen_at = computed(
        DateTime, lambda sitter, _: sitter.last_seen_at, description="Null when nothing has been heard."
    )
    answered = graphene.Field(graphene.Int, resolver=of_progress("answered"))
    visited = graphene.Field(graphene.Int, resolver=of_progress("visited"))
    focus_lost = graphene.Field(graphene.Int, resolver=of_progress("focus_lost"))
    away = graphene.Boolean(required=True)


SittingStudentConnection = connection(SittingStudent)


class SittingFilter(graphene.InputObjectType):
    """What is left out leaves all. Whoever is expected and has no attempt counts as PREPARED."""

    states = graphene.List(graphene.NonNull(AttemptState))
    presence = Presence()
    away = graphene.Boolean()
    paused = graphene.Boolean()
    search = graphene.String(description="Part of a name, a login or an id of the institution's own.")


class InvigilationQueries:
    sitting_overview = root(
        graphene.NonNull(SittingOverview),
        invigilation.overview,
        WATCHERS,
        test_id=graphene.ID(required=True),
        description="At most a second old.",
    )
    sitting_students = root(
        graphene.NonNull(SittingStudentConnection),
        invigilation.students,
        WATCHERS,
        test_id=graphene.ID(required=True),
        filter=SittingFilter(),
        **PAGING,
    )


class InvigilationSubscriptions:
    sitting = streamed(
        graphene.NonNull(SittingOverview),
        invigilation.overviews,
        WATCHERS,
        test_id=graphene.ID(required=True),
        description="The overview now, and once a second at most whenever a count has changed.",
    )


class InvigilationMutations:
    extend_attempts = mutation(
        AttemptsPayload, ExtendAttemptsInput, invigilation.extend, INVIGILATORS, "Give running attempts more time."
    )
    pause_attempts = mutation(
        AttemptsPayload, PauseAttemptsInput, invigilation.pause, INVIGILATORS, "Let their clocks stand."
    )
    resume_attempts = mutation(
        AttemptsPayload, ResumeAttemptsInput, invigilation.resume, INVIGILATORS, "Let their clocks run on."
    )
    force_submit = mutation(
        AttemptsPayload, ForceSubmitInput, invigilation.force, INVIGILATORS, "End running attempts."
    )
    announce = mutation(
        AnnouncePayload, AnnounceInput, invigilation.announce, INVIGILATORS, "Tell those who sit there something."
    )
