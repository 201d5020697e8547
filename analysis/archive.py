"""Sections of reports in the store: JSON in chunks, and beside it what they say of each student."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import JsonValue

from analysis.contract import ReportKind, Section
from analysis.tables import CHUNK_BYTES, CHUNKS, STUDENT_ROWS, StudentRows, chunk_id
from store.paging import every
from store.port import KEY, Delete, Entity, Key, Namespace, Put, Query, Range
from store.records import BODY

OF_STUDENTS = (ReportKind.STANDINGS, ReportKind.BEHAVIOUR, ReportKind.STUDENT)
"""Kinds whose rows a student may be shown: never those that are evidence for staff."""
WHO = ("student", "studentId")
"""The columns by which a row may be a student's."""
ROWS_A_COMMIT = 200
CHUNKS_AT_ONCE = 4

Rows = dict[str, dict[ReportKind, dict[str, list[JsonValue]]]]


async def put_section(store: Namespace, report_id: str, kind: ReportKind, section: Section) -> None:
    """Keep a section, in the place of what an earlier attempt has left. Raises ValueError for NaN."""
    text = json.dumps(section, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    await delete_section(store, report_id, kind)
    for number, start in enumerate(range(0, len(text), CHUNK_BYTES)):
        key = Key(CHUNKS.name, chunk_id(report_id, kind, number))
        await store.commit([Put(Entity(key, {BODY: text[start : start + CHUNK_BYTES]}))])


async def section_text(store: Namespace, report_id: str, kind: ReportKind) -> bytes:
    """Return a section as JSON, empty when there is none."""
    chunks: list[bytes] = []
    async for entity in every(store, _chunks(report_id, kind, CHUNKS_AT_ONCE)):
        body = entity[BODY]
        assert isinstance(body, bytes)
        chunks.append(body)
    return b"".join(chunks)


async def section(store: Namespace, report_id: str, kind: ReportKind) -> Section | None:
    """Return a section, `None` when there is none."""
    text = await section_text(store, report_id, kind)
    found: Section | None = json.loads(text) if text else None
    return found


async def delete_section(store: Namespace, report_id: str, kind: ReportKind) -> None:
    """Remove a section's chunks."""
    keys = [entity.key async for entity in every(store, _chunks(report_id, kind, 100, keys_only=True))]
    for start in range(0, len(keys), ROWS_A_COMMIT):
        await store.commit([Delete(key) for key in keys[start : start + ROWS_A_COMMIT]])


async def put_students(store: Namespace, report_id: str, rows: Rows) -> None:
    """Keep what is said of each student under the student's own key."""
    kept = [
        StudentRows.model_construct(report_id=report_id, student=student, rows=of_kinds)
        for student, of_kinds in rows.items()
    ]
    for start in range(0, len(kept), ROWS_A_COMMIT):
        await store.commit([Put(STUDENT_ROWS.entity(each)) for each in kept[start : start + ROWS_A_COMMIT]])


def gather(rows: Rows, kind: ReportKind, section: Section) -> None:
    """Add a section's rows to those of their students; other kinds than `OF_STUDENTS` add nothing."""
    if kind not in OF_STUDENTS:
        return
    for name, table in tables_of(section):
        for row in table:
            student = next((row[column] for column in WHO if column in row), None)
            if isinstance(student, str):
                rows[student][kind].setdefault(name, []).append(row)


def no_rows() -> Rows:
    return defaultdict(lambda: defaultdict(dict))


def tables_of(section: Section | Mapping[str, Any]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield the tables of a section: the lists of objects in it, by their names."""
    for name, value in section.items():
        if isinstance(value, list) and value and all(isinstance(row, dict) for row in value):
            yield name, value


def _chunks(report_id: str, kind: ReportKind, limit: int, keys_only: bool = False) -> Query:
    within = Range(KEY, chunk_id(report_id, kind, 0), f"{report_id}:{kind}:~")
    return Query(CHUNKS.name, range=within, limit=limit, keys_only=keys_only)
