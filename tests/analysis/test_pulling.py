"""Reading lists: in whatever pieces they come, and never more or less than was sent."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

import pytest

from analysis.pulling.errors import SourceCorrupt
from analysis.pulling.lines import Part, parts
from analysis.pulling.rows import attempt_rows, responses

FIRST, SECOND = b'{"attempt":"a1"}\n{"attempt":"a2"}\n', b'{"attempt":"\\n{\\"@"}\n'


def stream(rows: int = 3, digest: str | None = None, more: str | None = None) -> bytes:
    told = {
        "rows": rows,
        "sha256": digest or hashlib.sha256(FIRST + SECOND).hexdigest(),
        "next": more,
        "asOf": "2026-01-01T00:00:00Z",
    }
    return FIRST + b'{"@cursor":"c1"}\n' + SECOND + json.dumps({"@end": told}).encode() + b"\n"


def pieces(sent: bytes, size: int) -> Iterator[bytes]:
    return (sent[start : start + size] for start in range(0, len(sent), size))


@pytest.mark.parametrize("size", [1, 7, 1_000])
def test_parts_come_whole_however_the_stream_is_cut_into_pieces(size: int) -> None:
    assert list(parts("/list", pieces(stream(), size))) == [Part(FIRST, "c1", False), Part(SECOND, None, True)]


def test_rows_behind_the_last_cursor_of_a_stream_that_was_cut_do_not_count() -> None:
    cut = stream()[:-40]

    assert list(parts("/list", [cut])) == [Part(FIRST, "c1", False)]


@pytest.mark.parametrize("sent", [stream(rows=4), stream(digest="0" * 64)])
def test_a_list_that_is_not_what_its_end_says_is_refused(sent: bytes) -> None:
    with pytest.raises(SourceCorrupt):
        list(parts("/list", [sent]))


def test_marks_are_read_exactly_and_pending_ones_are_null() -> None:
    graded = [
        {"question": "q1", "outcome": "WRONG", "response": "a", "marks": "-1/3", "counted": True},
        {"question": "q2", "outcome": "CORRECT", "response": None, "marks": "4", "counted": True},
        {"question": "q3", "outcome": "PENDING", "response": "t", "marks": None, "counted": True},
    ]
    line = json.dumps({"attempt": "a1", "test": "t", "student": "s", "number": 1, "questions": graded})

    read = responses([attempt_rows(line.encode() + b"\n")])

    exact = read.select("marks_numerator", "marks_denominator").rows()
    assert exact == [(-1, 3), (4, 1), (None, None)]
