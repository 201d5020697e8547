"""Load on a server: a test is set; its students log in, start, read, save and submit, one phase after another."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import httpx

from api.cli.demo.client import Client
from api.cli.demo.documents import OPEN_ATTEMPTS
from bench import exam
from bench.cpu import cpu_seconds
from bench.phase import PHASE_SECONDS, Figures, Step, median_of, run_phase
from bench.server import ADMIN, TENANT, Server
from bench.students import Student
from bench.wire import Wire

AT_ONCE = 64
GRADED_POLL_SECONDS = 0.25

STEPS: dict[str, Step] = {
    "log in": Student.log_in,
    "start": Student.start,
    "paper": Student.read_paper,
    "save": Student.save,
    "submit": Student.submit,
}


@dataclass(frozen=True, slots=True)
class Load:
    """`students` sit in each of `runs`, and each of them saves `batches`."""

    students: int
    batches: int
    runs: int


@dataclass(frozen=True, slots=True)
class Measured:
    """Medians of the runs, by step. `grading_cpu`: milliseconds an attempt that grading took after the last."""

    steps: dict[str, Figures]
    grading_cpu: float | None


async def put_load(server: Server, load: Load, told: Callable[[str], None]) -> Measured:
    """Run all phases so many times, each time with a new test and new students. Raises Failed, TimeoutError."""
    async with AsyncExitStack() as stack:
        seats = [
            await stack.enter_async_context(httpx.AsyncClient(base_url=server.address, transport=Wire()))
            for _ in range(AT_ONCE)
        ]
        admin = await Client(seats[0], TENANT).logged_in(login=ADMIN, password=server.admin_password)
        teacher = await exam.hire_teacher(admin)
        sections = await exam.write_sections(teacher)
        runs: dict[str, list[Figures]] = {name: [] for name in STEPS}
        gradings: list[float | None] = []
        for run in range(1, load.runs + 1):
            students = await _enrolled(admin, teacher, sections, load.students)
            for name, step in STEPS.items():
                told(f"run {run} of {load.runs}: {name}")
                times = load.batches if step is Student.save else 1
                runs[name].append(await run_phase(step, students, seats, server.process, times=times))
            gradings.append(await _graded(teacher, students, server.process))
    measured = sorted(each for each in gradings if each is not None)
    return Measured(
        steps={name: median_of(figures) for name, figures in runs.items()},
        grading_cpu=measured[len(measured) // 2] if measured else None,
    )


async def _enrolled(admin: Client, teacher: Client, sections: list[dict[str, Any]], count: int) -> list[Student]:
    group = f"g{secrets.token_hex(4)}"
    test_id = await exam.set_test(teacher, sections, group)
    nobody = Client(admin.http, admin.tenant)
    return [Student(nobody, code, test_id) for code in await exam.enrol(admin, group, count)]


async def _graded(teacher: Client, students: list[Student], server: int) -> float | None:
    """Wait until everything is graded; return the CPU milliseconds an attempt that this took."""
    before, deadline = cpu_seconds(server), time.monotonic() + PHASE_SECONDS
    while (await teacher.ask(OPEN_ATTEMPTS, testId=students[0].test_id, state="SUBMITTED"))["edges"]:
        if time.monotonic() > deadline:
            raise TimeoutError
        await asyncio.sleep(GRADED_POLL_SECONDS)
    after = cpu_seconds(server)
    return None if before is None or after is None else (after - before) / len(students) * 1000
