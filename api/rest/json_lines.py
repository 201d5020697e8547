"""Lists as JSON: one page as a document, or all as lines.

In a stream each row is a line; `{"@cursor": "…"}` continues after the rows before it; the last line is
`{"@end": {…}}` with the count of the rows and the SHA-256 of their lines, newlines included, other lines left out.
A stream without it was cut: what came before its last cursor line is good.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import orjson

from tp.services.serving.lists import Columns, Part, Parts


class JsonLines:
    """Encodes the parts of one list as lines."""

    def __init__(self, as_of: datetime) -> None:
        self._as_of = as_of
        self._digest = hashlib.sha256()
        self._rows = 0

    def part(self, part: Part) -> bytes:
        lines = self._lines(part.columns)
        return lines if part.next is None else lines + orjson.dumps({"@cursor": part.next}) + b"\n"

    def end(self, next: str | None) -> bytes:
        return orjson.dumps({"@end": self._told(next)}, option=orjson.OPT_UTC_Z) + b"\n"

    async def page(self, parts: Parts) -> bytes:
        """Return all parts as one document."""
        lines, next = [], None
        async for part in parts:
            lines.append(self._lines(part.columns))
            next = part.next
        items = b"".join(lines).rstrip(b"\n").replace(b"\n", b",")
        told = orjson.dumps(self._told(next), option=orjson.OPT_UTC_Z)
        return b'{"items":[' + items + b"]," + told[1:]

    def _lines(self, columns: Columns) -> bytes:
        """Return rows as lines, written at once, as a list: a row by itself takes twice the time.

        Rows begin with the first column's name. Within a text its quotes would be escaped, and no object in a row
        begins with it, so that it is found between rows alone.
        """
        names = tuple(columns)
        rows = [dict(zip(names, row, strict=True)) for row in zip(*columns.values(), strict=True)]
        if not rows:
            return b""
        begin = b'{"' + names[0].encode() + b'":'
        lines = orjson.dumps(rows)[1:-1].replace(b"}," + begin, b"}\n" + begin) + b"\n"
        self._digest.update(lines)
        self._rows += len(rows)
        return lines

    def _told(self, next: str | None) -> dict[str, Any]:
        return {"rows": self._rows, "sha256": self._digest.hexdigest(), "next": next, "asOf": self._as_of}


async def chunks(parts: Parts, as_of: datetime) -> AsyncIterator[bytes]:
    """Yield a list as lines, part by part."""
    lines, next = JsonLines(as_of), None
    async for part in parts:
        next = part.next
        yield lines.part(part)
    yield lines.end(next)
