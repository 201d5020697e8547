"""The attempts at a test as rows: who sat, when, and what each question earned.

Graded ones, in the order of their ids; or, since an instant, in the order in which their results changed. Scoring
an attempt again moves it to the end of that order: whoever reads it to the end has the newest of each.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import orjson

from store.port import Entity, Key, Namespace, Query, Range
from store.records import BODY
from tenants.roles import Permission
from tenants.scope import TenantScope
from tp.clock import Clock
from tp.domain.answer_text import text_of
from tp.domain.attempt import Attempt, AttemptState
from tp.domain.log import fold
from tp.services.people.records import USERS
from tp.services.published import PublishedPapers
from tp.services.serving.lists import Part, Parts, Place, as_of, seal, unseal
from tp.services.sitting.log import batches_of, read_log
from tp.services.tests import load_test
from tp.tables import ATTEMPTS, RESULTS, minute

CHUNK = 50
"""Attempts of a part."""

Json = dict[str, Any]


class AttemptPlace(Place):
    """`query` is the store's own cursor, bound to what was asked for."""

    query: str | None = None


@dataclass(frozen=True, slots=True)
class AttemptList:
    """`parts` are to be read once. `as_of`: what to ask since, next time, to miss nothing."""

    parts: Parts
    as_of: datetime


class AttemptRows:
    def __init__(self, published: PublishedPapers, clock: Clock) -> None:
        self._published = published
        self._clock = clock

    async def of_test(
        self,
        scope: TenantScope,
        test_id: str,
        *,
        state: AttemptState = AttemptState.GRADED,
        since: datetime | None = None,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> AttemptList:
        """List attempts of a state; with `since`, those whose result changed then or later, whatever their state.

        Some that changed shortly before are listed too. Raises NotFound, PermissionDenied; reading the parts
        raises BadCursor.
        """
        scope.require(Permission.SEE_ATTEMPTS)
        scope.require(Permission.SEE_RESULTS)
        await load_test(scope.store, test_id)
        place = AttemptPlace(as_of=as_of(self._clock())) if cursor is None else unseal(cursor, AttemptPlace)
        query = _query(test_id, state, since, place.query)
        return AttemptList(self._parts(scope.store, query, place, limit), place.as_of)

    async def _parts(self, store: Namespace, query: Query, place: AttemptPlace, limit: int | None) -> Parts:
        left = limit
        while left is None or left > 0:
            size = CHUNK if left is None else min(CHUNK, left)
            page = await store.query(replace(query, limit=size))
            columns = _columns([await self._row(store, *each) for each in await _read(store, page.entities)])
            left = None if left is None else left - len(page.entities)
            more = None if page.next is None else seal(place.model_copy(update={"query": page.next}))
            yield Part(columns, more)
            if page.next is None:
                return
            query = replace(query, cursor=page.next)

    async def _row(self, store: Namespace, attempt: Json, result: Json | None, user: Json | None) -> Json:
        return {
            "attempt": attempt["id"],
            "test": attempt["test_id"],
            "student": attempt["student_id"],
            "name": user and user["name"],
            "externalId": user and user.get("external_id"),
            "groups": user["groups"] if user else [],
            "number": attempt["number"],
            "state": attempt["state"],
            "startedAt": attempt.get("started_at"),
            "submittedAt": attempt.get("submitted_at"),
            "closedBy": attempt.get("closed_by"),
            "pauses": [
                {"beganAt": pause["began_at"], "endedAt": pause.get("ended_at")}
                for pause in attempt.get("pauses", [])
            ],
            "keyVersion": result and result["key_version"],
            "gradedAt": result and result["graded_at"],
            "total": result and result["score"]["total"]["marks"],
            "addresses": result.get("addresses", []) if result else [],
            "agents": result.get("agents", []) if result else [],
            "questions": await self._questions(store, attempt, result) if result else [],
        }

    async def _questions(self, store: Namespace, attempt: Json, result: Json) -> list[Json]:
        answers = result.get("answers")
        if answers is None:
            answers = await self._answers(store, Attempt.model_validate(attempt))
        return [
            {
                "question": id,
                "outcome": graded["outcome"],
                "response": answers.get(id),
                "marks": graded.get("marks"),
                "counted": graded["counted"],
            }
            for id, graded in result["score"]["questions"].items()
        ]

    async def _answers(self, store: Namespace, attempt: Attempt) -> dict[str, str | None]:
        """Return answers that were too long to be kept with the result, from the log."""
        paper = await self._published.paper(store, attempt.test_id, attempt.paper_version)
        sitting = fold(paper, batches_of(await read_log(store, attempt.id)), last_seq=attempt.last_seq)
        return {id: text_of(response) for id, response in sitting.responses.items()}


def _query(test_id: str, state: AttemptState, since: datetime | None, cursor: str | None) -> Query:
    if since is None:
        return Query(ATTEMPTS.kind.name, where={"test": test_id, "state": state}, cursor=cursor)
    changed = Range("changed", at_least=minute(since))
    return Query(ATTEMPTS.kind.name, where={"test": test_id}, range=changed, cursor=cursor)


async def _read(store: Namespace, entities: Sequence[Entity]) -> Iterable[tuple[Json, Json | None, Json | None]]:
    """Return attempts, each with its result and its student."""
    attempts = [_json(entity) for entity in entities]
    results = [RESULTS.key(attempt["id"]) for attempt in attempts]
    users = [USERS.key(attempt["student_id"]) for attempt in attempts]
    found = await _found(store, [*results, *users])
    return [(a, found.get(r), found.get(u)) for a, r, u in zip(attempts, results, users, strict=True)]


async def _found(store: Namespace, keys: Sequence[Key]) -> dict[Key, Json]:
    return {entity.key: _json(entity) for entity in await store.get_many(keys) if entity is not None}


def _json(entity: Entity) -> Json:
    """Return a record as it is stored: making its model would cost more than all else that is done with it."""
    body = entity[BODY]
    assert isinstance(body, bytes)
    read: Json = orjson.loads(body)
    return read


COLUMNS = (
    "attempt",
    "test",
    "student",
    "name",
    "externalId",
    "groups",
    "number",
    "state",
    "startedAt",
    "submittedAt",
    "closedBy",
    "pauses",
    "keyVersion",
    "gradedAt",
    "total",
    "addresses",
    "agents",
    "questions",
)


def _columns(rows: Sequence[Json]) -> dict[str, list[Any]]:
    return {name: [row[name] for row in rows] for name in COLUMNS}
