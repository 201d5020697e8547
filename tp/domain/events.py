"""The log of an attempt: numbered batches of events, appended and never changed."""

from __future__ import annotations

from enum import StrEnum

from tp.domain.response import Response
from tp.domain.value import Frozen, Instant


class EventType(StrEnum):
    VISIT = "VISIT"
    ANSWER = "ANSWER"
    CLEAR = "CLEAR"
    MARK = "MARK"
    UNMARK = "UNMARK"
    BLUR = "BLUR"
    FOCUS = "FOCUS"


QUESTION_EVENTS = frozenset({EventType.VISIT, EventType.ANSWER, EventType.CLEAR, EventType.MARK, EventType.UNMARK})
"""Events that are about one question; the others are about the window."""


class Event(Frozen):
    """`at`: the client's monotonic clock, milliseconds since the attempt started."""

    type: EventType
    at: int
    question_id: str | None = None
    response: Response | None = None


class Batch(Frozen):
    """Events under one number, with the instant at which the server received them and the digest of what
    the client sent, by which a repeated batch is told from a conflicting one.

    `address`, `agent`: hashes of where it came from (`domain.origin`), `None` where that is not known.
    """

    seq: int
    events: tuple[Event, ...]
    received_at: Instant
    digest: str
    address: str | None = None
    agent: str | None = None
