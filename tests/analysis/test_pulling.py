"""Reading lists: in whatever pieces they come, and never more or less than was sent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest

from analysis.pulling import batches
from analysis.pulling.batches import parts
from analysis.pulling.errors import SourceCorrupt
from analysis.pulling.rows import attempts, events, responses
from api.rest.arrow import ATTEMPT_COLUMNS, EVENT_COLUMNS, ArrowStream, Types
from tp.services.serving.lists import Part

NOON = datetime(2025, 4, 2, 12, tzinfo=UTC)
PAUSES = [{"beganAt": "2025-04-02T12:01:00Z", "endedAt": "2025-04-02T12:02:30Z"}]


def part(columns: Types, rows: list[dict[str, Any]], next: str | None) -> Part:
    empty: dict[str, Any] = dict.fromkeys(columns) | {"pauses": [], "questions": []}
    return Part({name: [(empty | row)[name] for row in rows] for name in columns}, next)


def streamed(columns: Types, *sent: Part, end: str | None = None) -> list[bytes]:
    """Return the messages of a list: its schema, its batches, its end."""
    stream = ArrowStream(columns, NOON)
    return [stream.begin(), *map(stream.part, sent), stream.end(end)]


def logged() -> list[bytes]:
    first = part(EVENT_COLUMNS, [{"attempt": "a1", "seq": 1, "place": n} for n in range(3)], "c1")
    return streamed(EVENT_COLUMNS, first, part(EVENT_COLUMNS, [{"attempt": "a2", "seq": 1, "place": 0}], None))


def pieces(sent: bytes, size: int) -> Iterator[bytes]:
    return (sent[start : start + size] for start in range(0, len(sent), size))


def told(sent: Iterator[bytes] | list[bytes]) -> list[tuple[list[str], str | None, bool]]:
    return [(read.rows["attempt"].to_list(), read.cursor, read.end) for read in parts("/list", sent)]


@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_parts_come_whole_however_the_stream_is_cut_into_pieces(size: int) -> None:
    assert told(pieces(b"".join(logged()), size)) == [
        (["a1", "a1", "a1"], "c1", False),
        (["a2"], None, False),
        ([], None, True),
    ]


def test_a_batch_of_a_stream_that_was_cut_does_not_count() -> None:
    schema, first, second, _ = logged()

    assert told([schema, first, second[:-1]]) == [(["a1", "a1", "a1"], "c1", False)]
    assert told([schema[:5]]) == told([]) == []


def test_an_end_that_is_not_the_last_tells_where_more_follows() -> None:
    sent = part(EVENT_COLUMNS, [{"attempt": "a1", "seq": 1, "place": 0}], "c1")

    assert told(streamed(EVENT_COLUMNS, sent, end="c1"))[-1] == ([], "c1", True)
    assert told(streamed(EVENT_COLUMNS)) == [([], None, True)]


@pytest.mark.parametrize("kept", [(0, 1, 3), (0, 1, 1, 2, 3), (0, 2, 1, 3)], ids=["lost", "doubled", "swapped"])
def test_a_list_that_is_not_what_its_end_says_is_refused(kept: tuple[int, ...]) -> None:
    messages = logged()

    with pytest.raises(SourceCorrupt):
        told([messages[place] for place in kept])


@pytest.mark.parametrize(
    "sent",
    [
        b"<html>a login page</html>",
        b"\xff\xff\xff\xff\xff\xff\xff\x7f",
        b"\xff\xff\xff\xff\x08\x00\x00\x00" + b"\xff" * 8,
        b"\xff\xff\xff\xff\x04\x00\x00\x00" + bytes(4) + b"\xff\xff\xff\xff\x04\x00\x00\x00" + bytes(4),
    ],
    ids=["HTML", "too long", "no flatbuffer", "no schema"],
)
def test_what_is_no_list_is_refused(sent: bytes) -> None:
    with pytest.raises(SourceCorrupt):
        told([sent])


def test_a_batch_that_is_too_large_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    schema, first, *_ = logged()
    monkeypatch.setattr(batches, "LONGEST", len(schema))

    assert len(first) > len(schema)
    with pytest.raises(SourceCorrupt):
        told([schema, first[: len(schema)]])


def read(columns: Types, row: dict[str, Any]) -> pl.DataFrame:
    first, _ = parts("/list", streamed(columns, part(columns, [row], None)))
    return first.rows


def test_marks_are_read_exactly_and_pending_ones_are_null() -> None:
    graded = [
        {"question": "q1", "outcome": "WRONG", "response": "a", "marks": "-1/3", "counted": True},
        {"question": "q2", "outcome": "CORRECT", "response": None, "marks": "4", "counted": True},
        {"question": "q3", "outcome": "PENDING", "response": "t", "marks": None, "counted": True},
    ]

    exact = responses(read(ATTEMPT_COLUMNS, {"attempt": "a1", "questions": graded}))

    assert exact.select("marks_numerator", "marks_denominator").rows() == [(-1, 3), (4, 1), (None, None)]
    assert responses(read(ATTEMPT_COLUMNS, {"attempt": "a1"})).is_empty()


def test_an_attempt_is_read_with_its_pauses() -> None:
    [one] = attempts(read(ATTEMPT_COLUMNS, {"attempt": "a1", "groups": ["10A"], "pauses": PAUSES})).to_dicts()

    assert one["groups"] == ["10A"]
    assert one["pauses"] == [{"began_at": NOON.replace(minute=1), "ended_at": NOON.replace(minute=2, second=30)}]


def test_events_of_types_that_reports_know_nothing_of_are_left_out() -> None:
    known = events(read(EVENT_COLUMNS, {"attempt": "a1", "type": "VISIT", "receivedAt": "2025-04-02T12:00:00Z"}))

    assert known["received_at"].to_list() == [NOON]
    assert events(read(EVENT_COLUMNS, {"attempt": "a1", "type": "DANCE"})).is_empty()
