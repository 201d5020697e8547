"""The lists of a test: its attempts, and the events of their logs, in three formats."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import AwareDatetime

from api.rest.access import DeclaredRoute, MayReadAttempts
from api.rest.arrow import ATTEMPT_COLUMNS, EVENT_COLUMNS
from api.rest.media import ARROW, JSON, NDJSON
from api.rest.problems import told
from api.rest.streaming import answer_list
from api.rest.tests import PREFIX
from tp.contract import AttemptPage, EventPage
from tp.domain.attempt import AttemptState

router = APIRouter(prefix=PREFIX, route_class=DeclaredRoute, tags=["lists"])

JSON_LIMIT = 1_000
Cursor = Annotated[str | None, Query(max_length=4_000, description="From a page, a cursor line or a batch.")]
Limit = Annotated[int | None, Query(ge=1, description=f"Rows; unset: all of a stream, {JSON_LIMIT} of JSON.")]
State = Annotated[AttemptState, Query(description="Of the attempts.")]
Since = Annotated[
    AwareDatetime | None,
    Query(
        alias="updatedSince",
        description="Attempts whose result changed then or later, in that order; `asOf` of the list before.",
    ),
]


def _formats(page: str) -> dict[int | str, dict[str, Any]]:
    stream = {"schema": {"type": "string", "format": "binary"}}
    return {200: {"description": page, "content": {NDJSON: stream, ARROW: stream, JSON: {}}}, **told(400)}


@router.get("/attempts", response_model=AttemptPage, responses=_formats("Attempts, a row each"))
async def list_attempts(
    request: Request,
    testId: str,  # noqa: N803
    asked: MayReadAttempts,
    state: State = AttemptState.GRADED,
    since: Since = None,
    cursor: Cursor = None,
    limit: Limit = None,
) -> Response:
    """List attempts with their students, times, and what each question earned.

    With `updatedSince` all whose result changed since are listed, whatever their state is now.
    """
    rows = asked.service.catalogue.attempt_rows
    return await answer_list(
        request,
        ATTEMPT_COLUMNS,
        lambda most: rows.of_test(asked.scope, testId, state=state, since=since, cursor=cursor, limit=most),
        limit,
        JSON_LIMIT,
    )


@router.get("/events", response_model=EventPage, responses=_formats("Events, a row each"))
async def list_events(
    request: Request,
    testId: str,  # noqa: N803
    asked: MayReadAttempts,
    state: State = AttemptState.GRADED,
    cursor: Cursor = None,
    limit: Limit = None,
) -> Response:
    """List the events of attempts, in the order of attempt, batch, and place in the batch."""
    rows = asked.service.catalogue.event_rows
    return await answer_list(
        request,
        EVENT_COLUMNS,
        lambda most: rows.of_test(asked.scope, testId, state=state, cursor=cursor, limit=most),
        limit,
        JSON_LIMIT,
    )
