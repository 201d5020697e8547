"""A report as files: CSV of one section, a workbook of all.

A text that a spreadsheet would take for a formula is given an apostrophe in CSV, and is a text in the workbook.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from analysis.archive import tables_of
from analysis.contract import ReportKind, Section

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BOM = "\ufeff"
"""Without it spreadsheets take UTF-8 for something older."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
TITLE_LENGTH = 31
"""Of a sheet, in the format."""

Cell = str | int | float | bool | None
Flat = dict[str, Cell]


def csv_file(section: Section) -> bytes:
    """Return the tables of a section as CSV (RFC 4180), one below the other, each under a line with its name."""
    text = io.StringIO(BOM, newline="")
    text.seek(0, io.SEEK_END)
    writer = csv.writer(text)
    named = list(tables_of(section))
    for place, (name, rows) in enumerate(named):
        if len(named) > 1:
            writer.writerows([[], [name]] if place else [[name]])
        columns, flat = _table(rows)
        writer.writerow([_harmless(column) for column in columns])
        writer.writerows([_harmless(row.get(column)) for column in columns] for row in flat)
    return text.getvalue().encode()


def workbook(sections: Mapping[ReportKind, Any]) -> bytes:
    """Return all tables of a report as a workbook, a sheet each."""
    book = Workbook(write_only=True)
    for kind, section in sections.items():
        for name, rows in tables_of(section):
            sheet = book.create_sheet(f"{kind.lower()} {name}"[:TITLE_LENGTH])
            columns, flat = _table(rows)
            sheet.append([_cell(sheet, column) for column in columns])
            for row in flat:
                sheet.append([_cell(sheet, row.get(column)) for column in columns])
    if not book.worksheets:
        book.create_sheet("empty")
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _table(rows: list[dict[str, Any]]) -> tuple[list[str], list[Flat]]:
    """Return columns in the order of their first use, and the rows with what they hold in objects as columns."""
    flat = [dict(_leaves(row, "")) for row in rows]
    return list(dict.fromkeys(column for row in flat for column in row)), flat


def _leaves(value: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Cell]]:
    for name, inner in value.items():
        if isinstance(inner, Mapping):
            yield from _leaves(inner, f"{prefix}{name}.")
        elif isinstance(inner, list):
            yield f"{prefix}{name}", "; ".join(map(_text, inner))
        else:
            yield f"{prefix}{name}", inner


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_text(inner)}" for name, inner in value.items())
    return "" if value is None else str(value)


def _harmless(value: Cell) -> Cell:
    if isinstance(value, str) and value.startswith(FORMULA) and not _number(value):
        return f"'{value}"
    return value


def _number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _cell(sheet: Any, value: Cell) -> Any:
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value))
    cell.data_type = "s"
    return cell
