"""Rows as CSV, and a workbook made of that: as streams, so that memory does not grow with the number of rows."""

from __future__ import annotations

import asyncio
import csv
import io
import tempfile
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from typing import IO

SHEET = "Results"


def csv_parts(rows: Iterable[Sequence[str]], limit: int) -> Iterator[bytes]:
    """Yield rows as CSV (RFC 4180, UTF-8), in parts of whole rows and at most `limit` bytes, or one row."""
    part = b""
    for row in rows:
        text = io.StringIO()
        csv.writer(text).writerow(row)
        line = text.getvalue().encode()
        if part and len(part) + len(line) > limit:
            yield part
            part = b""
        part += line
    if part:
        yield part


async def workbook_file(parts: AsyncIterator[bytes]) -> IO[bytes]:
    """Return a temporary file with the CSV in `parts`, each of whole rows, as a workbook of texts."""
    # Loaded where it is used: it takes a quarter of a second, and servers that only hold exams never need it.
    from openpyxl import Workbook  # noqa: PLC0415

    book = Workbook(write_only=True)
    sheet = book.create_sheet(SHEET)
    async for part in parts:
        await asyncio.to_thread(_append, sheet, part)
    file = tempfile.TemporaryFile()  # noqa: SIM115  the caller closes it
    await asyncio.to_thread(book.save, file)
    file.seek(0)
    return file


def _append(sheet: object, part: bytes) -> None:
    for row in csv.reader(io.StringIO(part.decode("utf-8-sig"), newline="")):
        sheet.append(row)  # type: ignore[attr-defined]
