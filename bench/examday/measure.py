"""The exam day from end to end: an institution is made, its students sit, everything is verified and told."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from rich.console import Console

from api.cli.demo.client import Client
from api.cli.demo.documents import OPEN_ATTEMPTS
from bench import exam
from bench.examday.answers import Question
from bench.examday.crowds import Crowds, Told, crowds
from bench.examday.day import Day, Setting
from bench.examday.held import Held
from bench.examday.killing import killing
from bench.examday.student import Place
from bench.examday.tables import print_day
from bench.examday.verify import Verified, verify
from bench.examday.watch import watching
from bench.server import ADMIN, TENANT, Server, serving

GATE_IN = 3.0
"""Seconds from when all have logged in to the gate."""

GRADED_SECONDS = 300.0
POLL_SECONDS = 0.25
PAPER = """query ($id: ID!) { test(id: $id) { paper { sections { questions {
  id type options { id text } } } } } }"""


def measure_day(
    console: Console, store: str, directory: Path, emulator_host: str | None, day: Day, setting: Setting
) -> None:
    """Hold a day and print what came of it. Raises NotServing, CrowdLost, Failed."""
    directory.mkdir()
    with serving(directory, emulator_host, setting.workers) as server, console.status("") as status:
        status.update(f"exam day on {store}: {day.students} students are enrolled")
        place, teacher, codes = asyncio.run(_institution(server, day))
        status.update("they log in")
        with watching(server.process) as watch:
            began = time.time()
            with crowds(place, codes, setting.crowds) as ready:
                login_cpu = watch.spent(began, time.time())
                status.update(f"the day: about {day.submitting_from + day.submit_within:.0f} s")
                gate, told, killed = _sat(server, ready, setting)
                status.update("grading ends, everything is read back")
                graded, verified = asyncio.run(_ended(server, place, teacher, told))
    print_day(console, store, day, setting, Held(told, watch, verified, gate, graded, login_cpu, killed))


def _sat(server: Server, ready: Crowds, setting: Setting) -> tuple[float, list[Told], int]:
    with ExitStack() as stack:
        killed: list[int] = []
        if setting.kill_every is not None:
            killed = stack.enter_context(killing(server.process, setting.kill_every))
        gate = time.time() + GATE_IN
        return gate, ready.sit(gate), len(killed)


async def _institution(server: Server, day: Day) -> tuple[Place, str, list[str]]:
    """Set the test; return the place, the teacher's token, and the students' access codes."""
    async with httpx.AsyncClient(base_url=server.address, timeout=120, trust_env=False) as http:
        admin = await Client(http, TENANT).logged_in(login=ADMIN, password=server.admin_password)
        teacher = await exam.hire_teacher(admin)
        test_id = await exam.set_test(teacher, await exam.write_sections(teacher), "all")
        questions = _questions(await teacher.ask(PAPER, id=test_id))
        address = urlsplit(server.address)
        assert address.hostname is not None
        assert address.port is not None
        place = Place(address.hostname, address.port, TENANT, test_id, questions, day)
        assert teacher.token is not None
        return place, teacher.token, await exam.enrol(admin, "all", day.students)


def _questions(test: Any) -> tuple[Question, ...]:
    """Return the questions with what is right, which the bench knows by their places: see `bench/exam.py`."""
    found = []
    for section in test["paper"]["sections"]:
        for number, question in enumerate(section["questions"], start=1):
            options = {option["text"]: option["id"] for option in question["options"]}
            right = options[exam.right_option(number)] if options else str(number)
            found.append(Question(question["id"], tuple(options.values()), right))
    return tuple(found)


async def _ended(server: Server, place: Place, token: str, told: Sequence[Told]) -> tuple[float, Verified]:
    """Wait until all is graded, and verify; return the instant at which it was, and what was found."""
    async with httpx.AsyncClient(base_url=server.address, timeout=120, trust_env=False) as http:
        teacher = Client(http, TENANT, token)
        deadline = time.time() + GRADED_SECONDS
        while (await teacher.ask(OPEN_ATTEMPTS, testId=place.test_id, state="SUBMITTED"))["edges"]:
            if time.time() > deadline:
                break
            await asyncio.sleep(POLL_SECONDS)
        graded = time.time()
        http.headers["Authorization"] = f"Bearer {server.service_token()}"
        test = f"/v1/tenants/{TENANT}/tests/{place.test_id}"
        return graded, await verify(http, test, place.questions, [sat for each in told for sat in each.sat])
