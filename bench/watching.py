"""What a control room costs the server while thousands sit, and what an invigilator's act on all of them does."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median

import orjson
from rich.console import Console

from api.asgi import utc_now
from api.bootstrap import Services, open_services
from api.settings import Settings
from bench.table import new_table, print_table
from bench.taskqueue.grading import read_paper, set_exam
from store.port import Insert, Namespace
from tenants.roles import Role
from tenants.scope import Principal, TenantScope
from tp.domain.attempt import Attempt, AttemptState
from tp.domain.events import Event, EventType
from tp.domain.ids import TEST, USER, attempt_id, new_id
from tp.domain.paper import Paper
from tp.services.invigilation.acts import Whom
from tp.services.invigilation.overview import counted
from tp.services.invigilation.telling import told
from tp.services.steps import to_the_end
from tp.tables import ATTEMPTS

ATTEMPTS_A_COMMIT = 100
A_SECOND = 500
"""Batches that come from ten thousand students who save every twenty seconds."""
RUNS = 7
INVIGILATOR = Principal("usr_" + "i" * 16, frozenset({Role.INVIGILATOR}))
NOTES = (
    "SQLite; CPU of the process by its clock, all threads; medians of 7 runs, the first build apart",
    "a second of the sitting: what 500 saves add to attendance, the refresh of the register, and its sum",
    "the scan is made every 15 seconds while somebody watches, a refresh once a second for all who do",
)


@dataclass(frozen=True, slots=True)
class Cost:
    what: str
    cpu_ms: float
    wall_ms: float
    note: str = ""


def measure_watching(console: Console, directory: Path, students: int) -> None:
    """Print what it costs to watch so many attempts in progress."""
    with console.status(f"watching {students} students"):
        costs = asyncio.run(_measure(directory, students))
    table = new_table(f"A control room over {students} attempts in progress")
    for column in ("what", "CPU ms", "wall ms", ""):
        table.add_column(column, justify="right" if column.endswith("ms") else "left")
    for cost in costs:
        table.add_row(cost.what, f"{cost.cpu_ms:.2f}", f"{cost.wall_ms:.2f}", cost.note)
    print_table(console, table, NOTES)


async def _measure(directory: Path, students: int) -> list[Cost]:
    settings = Settings(data_dir=directory, store="sqlite", taskqueue_url=None, analysis_url=None)
    services = open_services(settings)
    try:
        tenant, test_id = await set_exam(services, settings)
        scope = services.registry.scope(tenant, INVIGILATOR)
        attempts = await _seat(scope.store, await read_paper(scope.store, test_id), students)
        return [*await _watch(services, scope, test_id, attempts), *await _act(services, scope, test_id)]
    finally:
        await services.close()


async def _seat(store: Namespace, paper: Paper, students: int) -> list[Attempt]:
    """Write attempts in progress straight into the store."""
    now = utc_now()
    attempts = []
    for number in range(students):
        student = new_id(USER, hashlib.sha256(str(number).encode()).digest())
        attempts.append(
            Attempt(
                id=attempt_id(paper.test_id, student, 1),
                test_id=paper.test_id,
                student_id=student,
                number=1,
                state=AttemptState.IN_PROGRESS,
                paper_version=paper.version,
                seed=number,
                started_at=now - timedelta(minutes=number % 30),
                due_at=now + timedelta(hours=3),
            )
        )
    for start in range(0, students, ATTEMPTS_A_COMMIT):
        some = attempts[start : start + ATTEMPTS_A_COMMIT]
        await store.commit([Insert(ATTEMPTS.entity(attempt)) for attempt in some])
    return attempts


async def _watch(services: Services, scope: TenantScope, test_id: str, attempts: list[Attempt]) -> list[Cost]:
    catalogue, store = services.catalogue, scope.store
    watching, attendance = catalogue.watching, catalogue.attendance
    built = await _cost("build the register from the store", lambda: watching.overview(scope, test_id), 1)
    attended = attendance.of(store, test_id)
    event = (Event(type=EventType.VISIT, at=1, question_id="qst_x"),)
    for attempt in attempts:
        attendance.came(store, attempt, utc_now(), event)
    register = watching._watched[store.name, test_id].register
    turn = 0

    async def saves() -> None:
        nonlocal turn
        for number in range(A_SECOND):
            attendance.came(store, attempts[(turn + number) % len(attempts)], utc_now(), event)
        turn += A_SECOND

    async def refresh() -> None:
        register._see()
        counted(register, utc_now())

    async def scan() -> None:
        await register._scan()

    attended.take()
    costs = [
        built,
        await _cost(f"note {A_SECOND} saves", saves),
        await _cost("refresh, and add up", refresh),
        await _cost("scan the states", scan),
    ]
    sightings, changed = attended.take()
    some = sightings[:A_SECOND]
    size = len(orjson.dumps(told(some, changed).model_dump(mode="json", exclude_defaults=True)))

    async def tell() -> None:
        told(some, changed).model_dump(mode="json", exclude_defaults=True)

    return [*costs, await _cost(f"tell others of {len(some)}", tell, note=f"{size / 1024:.0f} KiB")]


async def _act(services: Services, scope: TenantScope, test_id: str) -> list[Cost]:
    catalogue, now = services.catalogue, utc_now()
    pause = await _cost(
        "pause all, until it is in force",
        lambda: catalogue.invigilation.pause(scope, Whom(test_id), "Fire drill", now),
        1,
    )
    notice = f"ntc_{test_id.removeprefix(f'{TEST}_')}000001"
    heed = catalogue.chores.expiry.heed(scope.store, notice)
    return [pause, await _cost("… and until all records hold it", lambda: to_the_end(heed), 1)]


async def _cost(what: str, do: Callable[[], Awaitable[object]], runs: int = RUNS, note: str = "") -> Cost:
    cpu, wall = [], []
    for _ in range(runs):
        used, began = time.process_time(), time.perf_counter()
        await do()
        cpu.append((time.process_time() - used) * 1000)
        wall.append((time.perf_counter() - began) * 1000)
    return Cost(what, median(cpu), median(wall), note)
