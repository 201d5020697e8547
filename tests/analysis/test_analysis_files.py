"""A report as files and as a page: they hold what the sections hold, and nothing in them can be run."""

from __future__ import annotations

import csv
import io
from typing import Any

import httpx
import polars as pl
import pytest
from office import Office, asked
from openpyxl import load_workbook

from analysis.contract import ReportKind
from analysis.frames import Cohort
from analysis.tables import CHUNK_BYTES, CHUNKS
from store.paging import every
from store.port import Query
from store.records import BODY

NASTY = "<script>alert(1)</script>"
FORMULA = "=HYPERLINK(1)"


@pytest.fixture
def named(cohort: Cohort) -> Cohort:
    """Return a cohort in which the first student has a nasty name, the second one that is a formula."""
    names = [NASTY, FORMULA, *cohort.attempts["name"][2:]]
    return Cohort(
        cohort.questions, cohort.attempts.with_columns(pl.Series("name", names)), cohort.responses, cohort.events
    )


@pytest.fixture
async def report(office: Office, client: httpx.AsyncClient, named: Cohort) -> str:
    """Return the path of a report with every kind, ready."""
    answer = await client.post("/v1/reports", json=asked(kinds=list(ReportKind)))
    id: str = answer.json()["id"]
    await office.made("oakwood", id, named, *ReportKind)
    return f"/v1/reports/{id}"


async def test_csv_holds_the_standings_with_no_formula_in_it(client: httpx.AsyncClient, report: str) -> None:
    answer = await client.get(f"{report}/export.csv", params={"tenant": "oakwood"})

    assert answer.content.startswith("\ufeff".encode())
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    start = rows.index(["rows"]) + 1
    heading, body = rows[start], rows[start + 1 :]
    assert len(body) == 30
    assert "subjects.Physics.percentile" in heading
    names = [row[heading.index("name")] for row in body]
    assert f"'{FORMULA}" in names
    assert FORMULA not in names


async def test_the_workbook_holds_every_table_and_texts_stay_texts(client: httpx.AsyncClient, report: str) -> None:
    answer = await client.get(f"{report}/export.xlsx", params={"tenant": "oakwood"})

    book = load_workbook(io.BytesIO(answer.content))
    assert {"standings rows", "items questions"} <= set(book.sheetnames)
    sheet = book["standings rows"]
    heading = [cell.value for cell in sheet[1]]
    cells = [row[heading.index("name")] for row in sheet.iter_rows(min_row=2)]
    assert len(cells) == 30
    assert [cell.data_type for cell in cells if cell.value == FORMULA] == ["s"]


async def test_the_page_escapes_what_people_wrote_and_runs_nothing(client: httpx.AsyncClient, report: str) -> None:
    answer = await client.get(f"{report}/page", params={"tenant": "oakwood"})

    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "<script" not in answer.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in answer.text
    assert "<h1>Mock &lt;one&gt;</h1>" in answer.text
    assert answer.text.count("<svg") >= 2


async def test_a_link_opens_its_page_for_an_hour_and_no_other(
    office: Office, client: httpx.AsyncClient, report: str
) -> None:
    link: dict[str, Any] = (await client.post(f"{report}/links", params={"tenant": "oakwood"})).json()
    ticket = httpx.URL(link["url"]).params["ticket"]
    async with office.without() as browser:
        assert (await browser.get(f"{report}/page", params={"ticket": ticket})).status_code == 200
        other = await browser.get("/v1/reports/arp_other/page", params={"ticket": ticket})
        assert other.status_code == 401
        assert (await browser.get(report, headers={"Authorization": f"Bearer {ticket}"})).status_code == 401
        office.clock.forward(hours=1)
        assert (await browser.get(f"{report}/page", params={"ticket": ticket})).status_code == 401


async def test_sections_are_kept_in_chunks_that_the_store_takes(
    office: Office, client: httpx.AsyncClient, cohort: Cohort
) -> None:
    many = Cohort(
        cohort.questions,
        cohort.attempts.with_columns(pl.lit("n" * 60_000).alias("name")),
        cohort.responses,
        cohort.events,
    )
    id = (await client.post("/v1/reports", json=asked())).json()["id"]
    await office.made("oakwood", id, many, ReportKind.STANDINGS)

    records = office.service.desk.records("oakwood")
    sizes = [len(entity[BODY]) async for entity in every(records, Query(CHUNKS.name))]  # type: ignore[arg-type]
    assert len(sizes) > 1
    assert max(sizes) <= CHUNK_BYTES
    view = (await client.get(f"/v1/reports/{id}", params={"tenant": "oakwood"})).json()
    assert len(view["sections"]["STANDINGS"]["rows"]) == 30
