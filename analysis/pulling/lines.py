"""Lists as lines of JSON: rows, cursors between them, and at the end how many there were and their checksum.

A row is counted only when a cursor or the end follows it: what stands behind the last cursor of a stream that was
cut is read again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from analysis.pulling.errors import SourceCorrupt
from tp.contract import ListEnd

CONTROL = b'{"@'
LONGEST_PART = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Part:
    """`rows` are whole lines. `cursor` continues after them; at the `end`, `None` when no more follow."""

    rows: bytes
    cursor: str | None
    end: bool


def parts(path: str, chunks: Iterable[bytes]) -> Iterator[Part]:
    """Yield the parts of a stream; one that was cut ends without an `end`. Raises SourceCorrupt."""
    buffer, digest, count = bytearray(), hashlib.sha256(), 0
    for chunk in chunks:
        buffer += chunk
        while (found := _control(buffer)) is not None:
            start, stop = found
            rows, told = bytes(buffer[:start]), json.loads(buffer[start:stop])
            del buffer[: stop + 1]
            digest.update(rows)
            count += rows.count(b"\n")
            if "@end" not in told:
                yield Part(rows, told["@cursor"], end=False)
                continue
            end = ListEnd.model_validate(told["@end"])
            if end.rows != count or end.sha256 != digest.hexdigest():
                raise SourceCorrupt(path, f"{count} rows came, {end.rows} were sent, or others than were sent")
            yield Part(rows, end.next, end=True)
            return
        if len(buffer) > LONGEST_PART:
            raise SourceCorrupt(path, "no cursor comes")


def _control(buffer: bytearray) -> tuple[int, int] | None:
    """Return where the first line that is no row begins and ends, `None` before it is there."""
    start = 0 if buffer.startswith(CONTROL) else buffer.find(b"\n" + CONTROL) + 1
    if start == 0 and not buffer.startswith(CONTROL):
        return None
    stop = buffer.find(b"\n", start)
    return None if stop < 0 else (start, stop)
