"""What another service reads of a test: rows a second, what they cost the server, and what it holds meanwhile."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import orjson
from rich.console import Console

from api.asgi import utc_now
from api.bootstrap import open_services, service_tokens
from api.rest.access import Scope
from api.rest.media import ARROW, NDJSON
from api.settings import Settings
from bench.cpu import cpu_seconds, resident_mebibytes
from bench.emulator import free_port
from bench.program import answers, inherited, running
from bench.server import TP
from bench.table import NOT_MEASURED, new_table, print_table
from bench.taskqueue.cohort import write_cohort
from bench.taskqueue.grading import read_paper, set_exam

READS = (
    ("events", NDJSON, "identity"),
    ("events", NDJSON, "gzip"),
    ("events", ARROW, "identity"),
    ("attempts", NDJSON, "identity"),
    ("attempts", ARROW, "identity"),
)
NAMES = {NDJSON: "NDJSON", ARROW: "Arrow"}
LOOK_SECONDS = 0.05
KEPT = 4_096
"""Bytes of the end of a stream, which tells how many rows it had."""

NOTES = (
    "a row is an event, or an attempt with its 75 questions; the target is 20,000 events a second as NDJSON",
    "real HTTP on the loopback, one server process; the reader counts bytes and looks at the end alone",
    "MiB: what the server held, at the beginning of the read and at most during it",
)


@dataclass(frozen=True, slots=True)
class Exported:
    """One list as it was read. `held`: MiB of the server before, and the most meanwhile."""

    name: str
    mebibytes: float
    seconds: float
    cpu: float | None
    held: tuple[float, float] | None
    rows: int | None


@dataclass(frozen=True, slots=True)
class _Written:
    tenant: str
    test_id: str


def measure_export(console: Console, directory: Path, students: int) -> None:
    """Let so many students have sat, serve their test, and read it in every format."""
    directory.mkdir()
    settings = Settings(data_dir=directory, store="sqlite", taskqueue_url=None)
    with console.status(f"export: {students} students sit"):
        written = asyncio.run(_written(settings, students))
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    environment = inherited("TP_", "DATASTORE_") | {"TP_DATA_DIR": str(directory), "TP_LOG_LEVEL": "error"}
    command = [*TP, "serve", "--port", str(port)]
    with (
        console.status("export: reading"),
        running(command, environment, directory / "server.log", lambda: answers(f"{address}/readyz")) as server,
    ):
        exported = asyncio.run(_read_all(settings, written, address, server))
    _print(console, students, exported)


async def _written(settings: Settings, students: int) -> _Written:
    """Write a graded cohort."""
    services = open_services(settings)
    try:
        tenant, test_id = await set_exam(services, settings)
        store = services.store.namespace(tenant.namespace)
        await write_cohort(store, await read_paper(store, test_id), students, utc_now())
        await services.catalogue.sweeping.sweep(store)
        return _Written(tenant.slug, test_id)
    finally:
        await services.close()


async def _read_all(settings: Settings, written: _Written, address: str, server: int) -> list[Exported]:
    tokens = service_tokens(settings)
    assert tokens is not None
    token = tokens.issue("bench", list(Scope), [written.tenant], now=utc_now(), lifetime=timedelta(hours=1))
    path = f"{address}/v1/tenants/{written.tenant}/tests/{written.test_id}"
    bearer = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(timeout=60, trust_env=False, headers=bearer) as http:
        await _read(http, f"{path}/attempts", NDJSON, "identity", server)  # so that papers and tests are there
        return [await _read(http, f"{path}/{name}", format, encoding, server) for name, format, encoding in READS]


async def _read(http: httpx.AsyncClient, address: str, format: str, encoding: str, server: int) -> Exported:
    headers = {"Accept": format, "Accept-Encoding": encoding}
    before, held, most = cpu_seconds(server), resident_mebibytes(server), 0.0
    began = looked = time.perf_counter()
    received, end = 0, bytearray()
    async with http.stream("GET", address, headers=headers) as response:
        response.raise_for_status()
        async for chunk in response.aiter_raw():
            received += len(chunk)
            end = (end + chunk)[-KEPT:]
            if time.perf_counter() - looked > LOOK_SECONDS:
                looked = time.perf_counter()
                most = max(most, resident_mebibytes(server) or 0.0)
    seconds, after = time.perf_counter() - began, cpu_seconds(server)
    return Exported(
        ", ".join([address.rpartition("/")[2], NAMES[format], *([encoding] if encoding != "identity" else [])]),
        received / 2**20,
        seconds,
        None if before is None or after is None else after - before,
        None if held is None else (held, max(held, most)),
        _rows(bytes(end), format, encoding),
    )


def _rows(end: bytes, format: str, encoding: str) -> int | None:
    """Return the count of rows that plain NDJSON tells of itself; `None` of others, which have as many."""
    if format != NDJSON or encoding != "identity":
        return None
    told: int = orjson.loads(end.splitlines()[-1])["@end"]["rows"]
    return told


def _print(console: Console, students: int, exported: Sequence[Exported]) -> None:
    table = new_table(f"Export to a service: {students} students, 75 questions")
    table.add_column("list", no_wrap=True)
    for column in ("rows", "per s", "MiB", "CPU s", "MiB held", "at most"):
        table.add_column(column, justify="right")
    counts = {each.name.partition(",")[0]: each.rows for each in exported if each.rows is not None}
    for each in exported:
        rows = counts[each.name.partition(",")[0]]
        held = (NOT_MEASURED, "") if each.held is None else tuple(f"{size:.0f}" for size in each.held)
        cpu = NOT_MEASURED if each.cpu is None else f"{each.cpu:.1f}"
        table.add_row(each.name, f"{rows:,}", f"{rows / each.seconds:,.0f}", f"{each.mebibytes:.0f}", cpu, *held)
    print_table(console, table, NOTES)
