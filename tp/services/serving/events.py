"""The logs of a test's attempts as rows, one an event, in the order of (attempt, number, place).

Rows are made of the stored JSON itself, column by column: models of ten million events would take minutes.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from store.errors import BadCursor
from store.paging import every
from store.port import KEY, Entity, Namespace, Query, Range
from store.records import BODY
from tenants.roles import Permission
from tenants.scope import TenantScope
from tp.clock import Clock
from tp.domain.answer_text import text_of_stored
from tp.domain.attempt import AttemptState
from tp.domain.ids import test_of
from tp.services.serving.attempts import AttemptList
from tp.services.serving.lists import Part, Parts, Place, as_of, seal, unseal
from tp.services.tests import load_test
from tp.tables import ATTEMPTS, LOG, log_id

ROWS = 2_000
"""Events of a part, at least, unless none are left."""

ATTEMPTS_PAGE = 500
AT_ONCE = 8
"""Logs whose first pages are read at the same time."""

LOG_PAGE = 128
"""Batches of one read. The longest answers make a batch of some 50 kB: what is held stays within megabytes."""


class EventPlace(Place):
    """The last event that was read."""

    attempt: str
    seq: int
    place: int


@dataclass(slots=True)
class _Rows:
    """Events gathered into columns."""

    attempt: list[str] = field(default_factory=list)
    seq: list[int] = field(default_factory=list)
    place: list[int] = field(default_factory=list)
    type: list[str] = field(default_factory=list)
    at: list[int] = field(default_factory=list)
    question: list[str | None] = field(default_factory=list)
    response: list[str | None] = field(default_factory=list)
    received_at: list[str] = field(default_factory=list)

    def add(self, attempt: str, batch: dict[str, Any], after: int, most: int | None) -> None:
        """Add the events of a batch behind the place `after`, at most so many."""
        events = batch["events"]
        stop = len(events) if most is None else min(len(events), after + 1 + most)
        if after >= 0 or stop < len(events):
            events = events[after + 1 : stop]
        count = len(events)
        self.attempt += [attempt] * count
        self.seq += [batch["seq"]] * count
        self.place += range(after + 1, after + 1 + count)
        self.type += [event["type"] for event in events]
        self.at += [event["at"] for event in events]
        self.question += [event.get("question_id") for event in events]
        self.response += [text_of_stored(event.get("response")) for event in events]
        self.received_at += [batch["received_at"]] * count

    def columns(self) -> dict[str, list[Any]]:
        return {
            "attempt": self.attempt,
            "seq": self.seq,
            "place": self.place,
            "type": self.type,
            "at": self.at,
            "question": self.question,
            "response": self.response,
            "receivedAt": self.received_at,
        }


class EventRows:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def of_test(
        self,
        scope: TenantScope,
        test_id: str,
        *,
        state: AttemptState = AttemptState.GRADED,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> AttemptList:
        """List the events of attempts of a state. Raises NotFound, PermissionDenied, BadCursor."""
        scope.require(Permission.SEE_ATTEMPTS)
        scope.require(Permission.SEE_RESULTS)
        await load_test(scope.store, test_id)
        if cursor is None:
            start = EventPlace(as_of=as_of(self._clock()), attempt="", seq=0, place=-1)
        else:
            start = unseal(cursor, EventPlace)
            if test_of(start.attempt) != test_id:
                raise BadCursor("a cursor of another test")
        return AttemptList(_parts(scope.store, test_id, state, start, limit), start.as_of)


async def _parts(
    store: Namespace, test_id: str, state: AttemptState, start: EventPlace, limit: int | None
) -> Parts:
    """Gather parts; each is given when it is known whether more follows it."""
    rows, left = _Rows(), limit
    async for attempt, batch in _batches(store, test_id, state, start):
        after = start.place if (attempt, batch["seq"]) == (start.attempt, start.seq) else -1
        if after + 1 >= len(batch["events"]):
            continue
        if len(rows.at) >= ROWS or left == 0:
            yield _part(rows, start)
            if left == 0:
                return
            rows = _Rows()
        had = len(rows.at)
        rows.add(attempt, batch, after, left)
        if left is not None:
            left -= len(rows.at) - had
            if left == 0 and rows.place[-1] + 1 < len(batch["events"]):
                yield _part(rows, start)
                return
    yield Part(rows.columns(), None)


def _part(rows: _Rows, start: EventPlace) -> Part:
    last = EventPlace(as_of=start.as_of, attempt=rows.attempt[-1], seq=rows.seq[-1], place=rows.place[-1])
    return Part(rows.columns(), seal(last))


async def _batches(
    store: Namespace, test_id: str, state: AttemptState, start: EventPlace
) -> AsyncIterator[tuple[str, dict[str, Any]]]:
    """Yield the batches of all attempts in their order, from the one in which `start` lies."""
    query = Query(ATTEMPTS.kind.name, where={"test": test_id, "state": state}, limit=ATTEMPTS_PAGE, keys_only=True)
    if start.attempt:
        query = replace(query, range=Range(KEY, start.attempt))
    ids: list[str] = []
    async for entity in every(store, query):
        ids.append(entity.key.id)
        if len(ids) == AT_ONCE:
            async for found in _logs(store, ids, start):
                yield found
            ids = []
    async for found in _logs(store, ids, start):
        yield found


async def _logs(
    store: Namespace, ids: Sequence[str], start: EventPlace
) -> AsyncIterator[tuple[str, dict[str, Any]]]:
    queries = [_log(id, start.seq if id == start.attempt else 0) for id in ids]
    for id, query, page in zip(ids, queries, await asyncio.gather(*map(store.query, queries)), strict=True):
        for entity in page.entities:
            if (batch := _batch(entity)) is not None:
                yield id, batch
        if page.next is not None:
            async for entity in every(store, replace(query, cursor=page.next)):
                if (batch := _batch(entity)) is not None:
                    yield id, batch


def _log(attempt_id: str, from_seq: int) -> Query:
    return Query(LOG.kind.name, range=Range(KEY, log_id(attempt_id, from_seq), f"{attempt_id}:~"), limit=LOG_PAGE)


def _batch(entity: Entity) -> dict[str, Any] | None:
    """Return the batch of an entry as it is stored; a seal has none."""
    body = entity[BODY]
    assert isinstance(body, bytes)
    batch: dict[str, Any] | None = orjson.loads(body).get("batch")
    return batch
