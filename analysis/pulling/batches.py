"""Lists as Arrow streams: batches of rows, a cursor in the last row of each, and at the end how many rows there
were and the checksum of the bytes.

A batch is read when all of it is there, so that a stream that was cut goes on after the last whole one.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import polars as pl
from polars.exceptions import PolarsError

from analysis.pulling.errors import SourceCorrupt

LONGEST = 64 * 1024 * 1024
"""Bytes of a batch."""

_HEAD = struct.Struct("<Ii")
"""What each message begins with: a mark, and the length of its metadata; 0 ends the stream."""
_MARK = 0xFFFFFFFF
_END = _HEAD.pack(_MARK, 0)
_BODY_LENGTH = 4 + 2 * 3
"""Where a flatbuffer's table tells of its fourth field: in Arrow's `Message` it is the length of the body."""


@dataclass(frozen=True, slots=True)
class Part:
    """`cursor` continues after the rows; at the `end`, `None` when no more follow."""

    rows: pl.DataFrame
    cursor: str | None
    end: bool


def parts(path: str, chunks: Iterable[bytes]) -> Iterator[Part]:
    """Yield the parts of a stream; one that was cut ends without an `end`. Raises SourceCorrupt."""
    digest, size, count = hashlib.sha256(), 0, 0
    schema = b""
    for message in _messages(path, chunks):
        if not schema:
            schema = message
        else:
            read = _read(path, schema + message + _END)
            if read["@rows"][-1] is not None:
                told = read.row(-1, named=True)
                if (told["@rows"], told["@bytes"], told["@sha256"]) != (count, size, digest.hexdigest()):
                    raise SourceCorrupt(path, f"{count} rows came, {told['@rows']} were sent, or not as they came")
                yield Part(read.clear().select(pl.exclude("^@.*$")), told["@cursor"], end=True)
                return
            count += read.height
            yield Part(read.select(pl.exclude("^@.*$")), read["@cursor"][-1], end=False)
        digest.update(message)
        size += len(message)


def _messages(path: str, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield whole messages of an IPC stream, its schema first, until its end or where it was cut."""
    buffer = bytearray()
    for chunk in chunks:
        buffer += chunk
        while (length := _length(path, buffer)) is not None and len(buffer) >= length:
            if length == len(_END):
                return
            yield bytes(buffer[:length])
            del buffer[:length]


def _length(path: str, buffer: bytearray) -> int | None:
    """Return how long the message is that the buffer begins with, `None` while that cannot be told."""
    if len(buffer) < _HEAD.size:
        return None
    mark, metadata = _HEAD.unpack_from(buffer)
    if mark != _MARK or not 0 <= metadata <= LONGEST:
        raise SourceCorrupt(path, "no Arrow stream")
    if len(buffer) < _HEAD.size + metadata:
        return None
    body = _body_length(path, memoryview(buffer)[_HEAD.size : _HEAD.size + metadata].tobytes()) if metadata else 0
    if not 0 <= body <= LONGEST:
        raise SourceCorrupt(path, "too large a batch")
    return int(_HEAD.size + metadata + body)


def _body_length(path: str, metadata: bytes) -> int:
    """Read the one field of a flatbuffer that tells where the next message begins."""
    try:
        [table] = struct.unpack_from("<I", metadata)
        [back] = struct.unpack_from("<i", metadata, table)
        [fields] = struct.unpack_from("<H", metadata, table - back)
        [place] = struct.unpack_from("<H", metadata, table - back + _BODY_LENGTH) if fields > _BODY_LENGTH else [0]
        [length] = struct.unpack_from("<q", metadata, table + place) if place else [0]
    except struct.error as error:
        raise SourceCorrupt(path, "no Arrow stream") from error
    return int(length)


def _read(path: str, raw: bytes) -> pl.DataFrame:
    try:
        read = pl.read_ipc_stream(raw)
    except PolarsError as error:
        raise SourceCorrupt(path, f"no Arrow batch: {error}") from error
    if not read.height or not {"@rows", "@bytes", "@sha256", "@cursor"} <= set(read.columns):
        raise SourceCorrupt(path, "no list")
    return read
