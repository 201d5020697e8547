"""A report's whole path through a real worker: logs read from a real server, reports made, kept, told back."""

from __future__ import annotations

import asyncio
import secrets
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from pydantic import SecretStr
from rich.console import Console

from analysis import bootstrap as analysis
from analysis.contract import ReportKind, ReportRequest, ReportState
from analysis.settings import Settings as AnalysisSettings
from api.bootstrap import open_services, service_tokens
from api.rest.access import Scope
from api.settings import Settings
from bench.cpu import cpu_seconds, resident_mebibytes
from bench.emulator import free_port
from bench.program import NotServing, answers, running
from bench.server import TP
from bench.table import NOT_MEASURED, new_table, print_table
from bench.taskqueue.cohort import write_cohort
from bench.taskqueue.grading import read_paper, set_exam
from bench.taskqueue.house import house
from bench.taskqueue.memory import watched
from taskqueue.contract import Weight
from trust.clock import utc_now
from trust.service_tokens import EVERY_TENANT

ROUNDS = 5
"""How often each student goes over the paper, with some 190 events each time."""

LOOK_SECONDS = 0.5
SECONDS = 900.0
"""After so long it is given up."""

NOTES = (
    "all seven kinds at once, 75 questions: a server of the test platform, the task queue and one process of a "
    "worker, real ones over SQLite on the loopback",
    "seconds: from the request to the report being ready, its standings written back; above 1,024 MiB the worker "
    "would have been ended",
)


@dataclass(frozen=True, slots=True)
class Reported:
    """`cpu`: seconds of the worker and of the server. `held`: MiB of the worker's process and of the server."""

    events: int
    seconds: float
    cpu: tuple[float | None, float | None]
    held: tuple[float, float]


def measure_reporting(console: Console, directory: Path, students: int) -> None:
    """Let so many students have sat and have all reports of their test made. Raises NotServing."""
    directory.mkdir()
    with console.status(f"reports: {students} students sit") as status, house(directory) as opened:
        settings = Settings(data_dir=directory, store="sqlite", taskqueue_url=None)
        tenant, test_id, events = asyncio.run(_written(settings, students))
        tokens = service_tokens(settings)
        assert tokens is not None
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        token = tokens.issue("analysis", list(Scope), [EVERY_TENANT], now=utc_now(), lifetime=timedelta(hours=1))
        told = {"ANALYSIS_DATA_DIR": str(directory), "ANALYSIS_TP_URL": address, "ANALYSIS_TP_TOKEN": token}
        environment = opened.environment | told | {"TP_LOG_LEVEL": "error"}
        command = [*TP, "serve", "--port", str(port)]
        status.update("reports: being made")
        with (
            opened.serving() as queue,
            opened.working(1, Weight.HEAVY, environment) as worker,
            running(
                command, environment, directory / "platform.log", lambda: answers(f"{address}/readyz")
            ) as server,
        ):
            reading = AnalysisSettings(
                data_dir=directory,
                tp_url=address,
                tp_token=SecretStr(token),
                taskqueue_url=queue.address,
                taskqueue_token=SecretStr(opened.token),
            )
            reported = asyncio.run(_reported(reading, tenant, test_id, events, worker, server))
    _print(console, students, reported)


async def _written(settings: Settings, students: int) -> tuple[str, str, int]:
    """Write a graded cohort; return its tenant, its test and how many events there are."""
    services = open_services(settings)
    try:
        tenant, test_id = await set_exam(services, settings)
        store = services.store.namespace(tenant.namespace)
        written = await write_cohort(store, await read_paper(store, test_id), students, utc_now(), ROUNDS)
        await services.catalogue.sweeping.sweep(store)
        return tenant.slug, test_id, round(written.events * students)
    finally:
        await services.close()


async def _reported(
    settings: AnalysisSettings, tenant: str, test_id: str, events: int, worker: int, server: int
) -> Reported:
    """Ask for all reports and wait for them."""
    service = analysis.open_service(settings)
    request = ReportRequest(
        tenant=tenant, test_ids=(test_id,), kinds=tuple(ReportKind), idempotency_key=secrets.token_hex(8)
    )
    before, served, most = cpu_seconds(worker), cpu_seconds(server), 0.0
    began = time.perf_counter()
    try:
        async with watched(worker) as memory:
            report = await service.desk.request(request, utc_now())
            while not report.over:
                if time.perf_counter() - began > SECONDS:
                    raise NotServing(f"no report after {SECONDS:.0f} seconds: {report.stage}")
                await asyncio.sleep(LOOK_SECONDS)
                most = max(most, resident_mebibytes(server) or 0.0)
                report = await service.desk.get(tenant, report.id)
        seconds = time.perf_counter() - began
        if report.state is not ReportState.READY:
            raise NotServing(f"the report is {report.state}: {report.reason}")
    finally:
        for close in service.closers:
            await close()
    spent = [
        None if then is None or now is None else now - then
        for then, now in ((before, cpu_seconds(worker)), (served, cpu_seconds(server)))
    ]
    return Reported(events, seconds, (spent[0], spent[1]), (memory.most(), most))


def _print(console: Console, students: int, reported: Reported) -> None:
    table = new_table(f"Reports through a worker: {students:,} students, {reported.events:,} events")
    table.add_column("")
    for column in ("seconds", "CPU s", "MiB at most"):
        table.add_column(column, justify="right")
    for name, cpu, held in zip(("worker", "test platform"), reported.cpu, reported.held, strict=True):
        seconds = f"{reported.seconds:.0f}" if name == "worker" else ""
        table.add_row(name, seconds, NOT_MEASURED if cpu is None else f"{cpu:.1f}", f"{held:.0f}")
    print_table(console, table, NOTES)
