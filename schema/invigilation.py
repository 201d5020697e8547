"""The control room: what invigilators do during a sitting."""

from __future__ import annotations

import graphene

from resolvers import invigilation
from schema.access import holders
from schema.attempts import Attempt
from schema.guarded import Guarded, computed, mutation
from schema.payloads import Payload
from schema.scalars import DateTime
from tenants.roles import Permission as May

INVIGILATORS = holders(May.INVIGILATE, May.AUTHOR)


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
