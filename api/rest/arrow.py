"""Lists as an Arrow IPC stream: a record batch for each part, and a last batch that ends the list.

Behind the list's own columns are five that are null but in two places. The last row of a part has `@cursor`, which
continues after it. The last batch is one row in which all else is null: `@rows`, the count; `@sha256` of the first
`@bytes` bytes of the stream, all that comes before that batch; `@asOf`; and `@cursor` when more rows follow.
Whoever reads drops the row where `@rows` is not null. A stream without it was cut. Arrow's own metadata of a batch
would say the same to pyarrow alone; columns are read by everything.

polars writes whole streams. They differ in their batches only, so that these can be joined behind one schema.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any, Final

import polars as pl

from store.instants import to_microseconds
from tp.services.serving.lists import Part, Parts

Types = Mapping[str, pl.DataType | type[pl.DataType]]

INSTANT: Final = pl.Datetime("us", "UTC")
GRADED: Final = pl.Struct(
    {"question": pl.String, "outcome": pl.String, "response": pl.String, "marks": pl.String, "counted": pl.Boolean}
)
PAUSES: Final = pl.List(pl.Struct({"beganAt": INSTANT, "endedAt": INSTANT}))
ATTEMPT_COLUMNS: Types = {
    "attempt": pl.String,
    "test": pl.String,
    "student": pl.String,
    "name": pl.String,
    "externalId": pl.String,
    "groups": pl.List(pl.String),
    "number": pl.Int32,
    "state": pl.String,
    "startedAt": INSTANT,
    "submittedAt": INSTANT,
    "closedBy": pl.String,
    "pauses": PAUSES,
    "keyVersion": pl.Int32,
    "gradedAt": INSTANT,
    "total": pl.String,
    "addresses": pl.List(pl.String),
    "agents": pl.List(pl.String),
    "questions": pl.List(GRADED),
}
EVENT_COLUMNS: Types = {
    "attempt": pl.String,
    "seq": pl.Int32,
    "place": pl.Int32,
    "type": pl.String,
    "at": pl.Int64,
    "question": pl.String,
    "response": pl.String,
    "receivedAt": INSTANT,
}
CONTROL: Types = {
    "@cursor": pl.String,
    "@rows": pl.Int64,
    "@bytes": pl.Int64,
    "@sha256": pl.String,
    "@asOf": INSTANT,
}
COMPATIBLE: Final = pl.CompatLevel.oldest()
"""Strings with offsets: what every reader of Arrow takes."""

_LENGTH_AT: Final = 4
_HEAD: Final = 8
END_OF_STREAM: Final = b"\xff\xff\xff\xff\x00\x00\x00\x00"


class ArrowStream:
    """Encodes the parts of one list."""

    def __init__(self, columns: Types, as_of: datetime) -> None:
        self._columns = columns
        self._as_of = as_of
        self._digest = hashlib.sha256()
        self._rows = self._bytes = 0

    def begin(self) -> bytes:
        """Return the schema."""
        return self._counted(_split(pl.DataFrame(schema=self._schema))[0])

    def part(self, part: Part) -> bytes:
        if part.size == 0:
            return b""
        read = {name: _series(name, part.columns[name], type) for name, type in self._columns.items()}
        nothing = [None] * part.size
        marks = {name: pl.Series(name, nothing, type) for name, type in CONTROL.items()}
        if part.next is not None:
            marks["@cursor"] = pl.Series("@cursor", [*nothing[1:], part.next], pl.String)
        self._rows += part.size
        return self._counted(_split(pl.DataFrame([*read.values(), *marks.values()]))[1])

    def end(self, next: str | None) -> bytes:
        told: dict[str, Any] = dict.fromkeys(self._columns) | {
            "@cursor": next,
            "@rows": self._rows,
            "@bytes": self._bytes,
            "@sha256": self._digest.hexdigest(),
            "@asOf": self._as_of,
        }
        return _split(pl.DataFrame([told], schema=self._schema))[1] + END_OF_STREAM

    @property
    def _schema(self) -> dict[str, pl.DataType | type[pl.DataType]]:
        return {**self._columns, **CONTROL}

    def _counted(self, raw: bytes) -> bytes:
        self._digest.update(raw)
        self._bytes += len(raw)
        return raw


async def chunks(parts: Parts, columns: Types, as_of: datetime) -> AsyncIterator[bytes]:
    """Yield a list as a stream, part by part."""
    stream, next = ArrowStream(columns, as_of), None
    yield stream.begin()
    async for part in parts:
        next = part.next
        yield stream.part(part)
    yield stream.end(next)


def _series(name: str, values: Any, type: pl.DataType | type[pl.DataType]) -> pl.Series:
    if type == INSTANT:
        return pl.Series(name, _microseconds(values), pl.Int64).cast(INSTANT)
    if type == PAUSES:
        values = [[_instants(pause) for pause in pauses] for pauses in values]
    return pl.Series(name, values, type)


def _instants(texts: Mapping[str, str | None]) -> dict[str, datetime | None]:
    return {name: None if text is None else datetime.fromisoformat(text) for name, text in texts.items()}


def _microseconds(texts: Sequence[str | None]) -> list[int | None]:
    """Return instants as numbers, each text read once: the events of a batch came at the same."""
    read = {text: to_microseconds(datetime.fromisoformat(text)) for text in set(texts) if text is not None}
    return [None if text is None else read[text] for text in texts]


def _split(frame: pl.DataFrame) -> tuple[bytes, bytes]:
    """Return the message of the schema and those of the batches, without the end, of what polars writes."""
    written = BytesIO()
    frame.write_ipc_stream(written, compat_level=COMPATIBLE)
    raw = written.getvalue()
    behind = _HEAD + int.from_bytes(raw[_LENGTH_AT:_HEAD], "little")
    return raw[:behind], raw[behind : -len(END_OF_STREAM)]
