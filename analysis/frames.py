"""The frames that every report is computed from: their columns, and nothing else of where they came from.

One row of `RESPONSES` for each question of each attempt that counts (state GRADED). Marks are exact: a numerator
and a denominator; `marks` is their quotient, for statistics only. Times are in milliseconds since the start.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

OUTCOMES = pl.Enum(["CORRECT", "PARTIAL", "WRONG", "UNANSWERED", "DROPPED", "PENDING"])
EVENT_TYPES = pl.Enum(["VISIT", "ANSWER", "CLEAR", "MARK", "UNMARK", "BLUR", "FOCUS"])
INSTANT = pl.Datetime("us", "UTC")
PAUSE = pl.Struct({"began_at": INSTANT, "ended_at": INSTANT})

Columns = Mapping[str, pl.DataType | type[pl.DataType]]

QUESTIONS: Columns = {
    "test": pl.String,
    "question": pl.String,
    "number": pl.Int32,
    "section": pl.String,
    "subject": pl.String,
    "topic": pl.String,
    "type": pl.String,
    "options": pl.List(pl.String),
    "key": pl.List(pl.String),
    "maximum": pl.Float64,
    "dropped": pl.Boolean,
}
"""`subject` falls back to the section's title. `options`: ids in the author's order; `key`: what is right, as
`response` would have it: option ids of a choice or an order, texts otherwise (a range as `low..high`)."""

ATTEMPTS: Columns = {
    "attempt": pl.String,
    "test": pl.String,
    "student": pl.String,
    "name": pl.String,
    "external_id": pl.String,
    "groups": pl.List(pl.String),
    "number": pl.Int32,
    "started_at": INSTANT,
    "submitted_at": INSTANT,
    "closed_by": pl.String,
    "pauses": pl.List(PAUSE),
    "addresses": pl.List(pl.String),
    "agents": pl.List(pl.String),
}
"""`addresses`, `agents`: hashes of the clients' addresses and user agents that were seen; empty where unknown.
`pauses`: when the clock stood; without `ended_at` until the end of the log."""

RESPONSES: Columns = {
    "attempt": pl.String,
    "question": pl.String,
    "outcome": OUTCOMES,
    "response": pl.String,
    "marks_numerator": pl.Int64,
    "marks_denominator": pl.Int64,
    "marks": pl.Float64,
    "counted": pl.Boolean,
}
"""`response`: option ids joined by `|`, sorted unless their order counts; a text as typed; null for none.
`counted`: false beyond the n of "answer any n"."""

EVENTS: Columns = {
    "attempt": pl.String,
    "seq": pl.Int32,
    "place": pl.Int32,
    "type": EVENT_TYPES,
    "at": pl.Int64,
    "question": pl.String,
    "response": pl.String,
    "received_at": INSTANT,
}
"""The events of an attempt together, in the order of (seq, place). `at`: the client's clock."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """What a report is about: one test, or the merged sessions of several. `events` may be empty, also where they
    are read apart, for ten million of them need not be held at once."""

    questions: pl.DataFrame
    attempts: pl.DataFrame
    responses: pl.DataFrame
    events: pl.DataFrame

    @staticmethod
    def empty() -> Cohort:
        """Return a cohort of nobody, with every column."""
        schemas = (QUESTIONS, ATTEMPTS, RESPONSES, EVENTS)
        return Cohort(*(pl.DataFrame(schema=schema) for schema in schemas))
