"""Attempts: started, saved, resumed, submitted."""

from __future__ import annotations

from typing import Any

import graphene

from resolvers import invigilation, reports, results, sitting
from schema.access import AUTHENTICATED, holders
from schema.answer_key import RowColumns, row_columns
from schema.enums import AttemptState, ClosedBy, DeadlineReason, EventType, NoticeKind, PaletteState
from schema.guarded import Guarded, computed, listed, mutation, root
from schema.node import Node
from schema.paper import Paper
from schema.payloads import PAGING, Payload, connection
from schema.people import User
from schema.reports.student import Standing, StudentReport
from schema.results import Result
from schema.scalars import DateTime
from schema.tests import Test
from tenants.roles import Permission as May
from tp.domain.response import Response as ResponseValue

STUDENTS = holders(May.SIT_TESTS)


class Deadline(Guarded):
    """Working time ends at `at`; what arrives until `acceptsUntil` still counts."""

    class Meta:
        access = AUTHENTICATED

    at = DateTime(required=True)
    reason = DeadlineReason(required=True)
    accepts_until = DateTime(required=True)


class Response(Guarded):
    """What was answered to a question; one of the other fields is set, by its type."""

    class Meta:
        access = AUTHENTICATED

    question_id = graphene.ID(required=True)
    option_ids = graphene.List(graphene.NonNull(graphene.ID))
    text = graphene.String()
    matrix = graphene.List(graphene.NonNull(RowColumns))


def response(entry: tuple[str, ResponseValue]) -> Response:
    question_id, said = entry
    matrix = None if said.matrix is None else row_columns(said.matrix)
    return Response(question_id=question_id, option_ids=said.options, text=said.text, matrix=matrix)


async def responses(attempt: Any, context: Any) -> list[Response] | None:
    given = await sitting.responses(attempt, context)
    return None if given is None else [response(entry) for entry in given]


class PaletteEntry(Guarded):
    """The colour of a question's button."""

    class Meta:
        access = AUTHENTICATED

    question_id = graphene.ID(required=True)
    state = PaletteState(required=True)


async def palette(attempt: Any, context: Any) -> list[PaletteEntry]:
    entries = await sitting.palette(attempt, context)
    return [PaletteEntry(question_id=id, state=state) for id, state in entries]


class QuestionBehaviour(Guarded):
    """Milliseconds in front of the question; `returns`: visits after the first; `changes`: of its answer."""

    class Meta:
        access = AUTHENTICATED

    question_id = graphene.ID(required=True)
    time = graphene.Int(required=True)
    idle = graphene.Int(required=True, description="Left out of `time`: minutes on end without an event.")
    visits = graphene.Int(required=True)
    returns = graphene.Int(required=True)
    changes = graphene.Int(required=True)


class SectionBehaviour(Guarded):
    """The sums over a section's questions."""

    class Meta:
        access = AUTHENTICATED

    section_id = graphene.ID(required=True)
    time = graphene.Int(required=True)
    idle = graphene.Int(required=True)
    visits = graphene.Int(required=True)
    returns = graphene.Int(required=True)
    changes = graphene.Int(required=True)


class Behaviour(Guarded):
    """How an attempt was worked through, from its log. `away`: milliseconds without the window's focus, which was
    lost `focusLost` times. `clocksDisagreed`: the client's clock could not be followed everywhere."""

    class Meta:
        access = AUTHENTICATED

    questions = listed(QuestionBehaviour)
    sections = listed(SectionBehaviour)
    away = graphene.Int(required=True)
    focus_lost = graphene.Int(required=True)
    clocks_disagreed = graphene.Boolean(required=True)


class Notice(Guarded):
    """What a student is told during a sitting. `text` of a MESSAGE, `minutes` of an extension."""

    class Meta:
        access = AUTHENTICATED

    id = computed(graphene.NonNull(graphene.ID), invigilation.notice_id)
    kind = NoticeKind(required=True)
    text = graphene.String()
    minutes = graphene.Int()
    at = DateTime(required=True)


class Attempt(Guarded):
    """One student's sitting of one test.

    To its student, `paper` and `responses` are there while it runs, and again after the response sheet is
    released, `behaviour` only then. `ackedSeq`: all batches up to it are stored.
    """

    class Meta:
        interfaces = (Node,)
        access = AUTHENTICATED

    state = AttemptState(required=True)
    number = graphene.Int(required=True)
    student = computed(User, sitting.student)
    test = computed(graphene.NonNull(Test), sitting.test_of)
    started_at = DateTime()
    submitted_at = DateTime()
    closed_by = ClosedBy()
    deadline = computed(Deadline, sitting.deadline)
    paused = graphene.Boolean(required=True, description="The clock stands, and the deadline moves with it.")
    notices = computed(
        graphene.NonNull(graphene.List(graphene.NonNull(Notice))),
        invigilation.notices,
        description="The newest hundred, in their order.",
    )
    acked_seq = computed(graphene.NonNull(graphene.Int), sitting.acked_seq)
    last_seq = graphene.Int(description="The last batch that counts, once it is closed.")
    missing = listed(graphene.Int, description="Numbers that had not arrived when it was closed.")
    current_question_id = computed(graphene.ID, sitting.current_question_id)
    responses = computed(graphene.List(graphene.NonNull(Response)), responses)
    palette = computed(graphene.NonNull(graphene.List(graphene.NonNull(PaletteEntry))), palette)
    paper = computed(Paper, sitting.paper)
    behaviour = computed(Behaviour, sitting.behaviour)
    result = computed(Result, results.result)
    standing = computed(
        Standing, reports.standing, description="Its place among all: to its student once the score is released."
    )
    report = computed(
        StudentReport, reports.student, description="The student's page of the newest report, as the standing."
    )


AttemptConnection = connection(Attempt)


class Acknowledgement(Guarded):
    """Batch `seq` is stored durably, and so are all up to `ackedSeq`. `notices`: those after `noticesAfter`."""

    class Meta:
        access = STUDENTS

    seq = graphene.Int(required=True)
    acked_seq = graphene.Int(required=True)
    server_now = DateTime(required=True)
    deadline = graphene.Field(graphene.NonNull(Deadline))
    notices = listed(Notice)


class StartAttemptInput(graphene.InputObjectType):
    """Starting again what runs already gives the running attempt back.

    `device`: how this device names itself, always the same. The one that starts an attempt holds it: another is
    refused with OTHER_DEVICE, unless it says `takeOver`. A client that names none neither holds nor is refused.
    """

    test_id = graphene.ID(required=True)
    number = graphene.Int(required=True, default_value=1)
    device = graphene.String()
    take_over = graphene.Boolean(required=True, default_value=False)


class StartAttemptPayload(Payload):
    class Meta:
        access = STUDENTS

    attempt = graphene.Field(Attempt)


class RowColumnsInput(graphene.InputObjectType):
    row_id = graphene.ID(required=True)
    column_ids = graphene.List(graphene.NonNull(graphene.ID), required=True)


class ResponseInput(graphene.InputObjectType):
    """Exactly one field: `optionIds` for choices and orders, `matrix` for matrices, `text` for all others."""

    option_ids = graphene.List(graphene.NonNull(graphene.ID))
    text = graphene.String()
    matrix = graphene.List(graphene.NonNull(RowColumnsInput))


class EventInput(graphene.InputObjectType):
    """`at`: milliseconds since the attempt started, by a clock that only goes forward."""

    type = EventType(required=True)
    at = graphene.Int(required=True)
    question_id = graphene.ID()
    response = graphene.InputField(ResponseInput)


class SaveResponsesInput(graphene.InputObjectType):
    """Batches are numbered from 1 without gaps; sending the same one again is safe.

    `noticesAfter`: the id of the last notice that the client has; without it the newest hundred are told again.
    A device whose attempt another has taken over is refused with TAKEN_OVER.
    """

    attempt_id = graphene.ID(required=True)
    seq = graphene.Int(required=True)
    events = graphene.List(graphene.NonNull(EventInput), required=True)
    notices_after = graphene.ID()
    device = graphene.String()


class SaveResponsesPayload(Payload):
    class Meta:
        access = STUDENTS

    acknowledgement = graphene.Field(Acknowledgement)


class SubmitAttemptInput(graphene.InputObjectType):
    """`lastSeq`: the number of the last batch sent, 0 for none. Numbers that have not arrived are named as user
    errors, unless `allowMissing`."""

    attempt_id = graphene.ID(required=True)
    last_seq = graphene.Int(required=True)
    allow_missing = graphene.Boolean(required=True, default_value=False)


class SubmitAttemptPayload(Payload):
    class Meta:
        access = STUDENTS

    attempt = graphene.Field(Attempt)


class AttemptQueries:
    attempt = root(Attempt, sitting.attempt, AUTHENTICATED, id=graphene.ID(required=True))
    attempts = root(
        graphene.NonNull(AttemptConnection),
        sitting.attempts,
        holders(May.SEE_ATTEMPTS),
        test_id=graphene.ID(required=True),
        state=AttemptState(),
        **PAGING,
    )


class AttemptMutations:
    start_attempt = mutation(
        StartAttemptPayload,
        StartAttemptInput,
        sitting.start_attempt,
        STUDENTS,
        "Start a test, or come back to it.",
    )
    save_responses = mutation(
        SaveResponsesPayload, SaveResponsesInput, sitting.save_responses, STUDENTS, "Append one batch to the log."
    )
    submit_attempt = mutation(
        SubmitAttemptPayload, SubmitAttemptInput, sitting.submit_attempt, STUDENTS, "Close the log; idempotent."
    )
