"""Round trips to Datastore of each operation, counted on the wire to the emulator.

Transactions open with their first read, as in production. Which tenant a token leads to is known: a process looks
it up once in two seconds.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from api.asgi import create_app, utc_now
from api.bootstrap import KINDS, open_services, platform
from api.cli.demo.client import Client
from api.cli.demo.documents import SERVER_TIME
from api.settings import Settings
from bench import exam
from bench.calls import Calls
from bench.emulator import PROJECT
from bench.students import Student
from store.datastore import DatastoreStore
from tp.services.people.provisioning import create_tenant_with_admin


@dataclass(frozen=True, slots=True)
class Counted:
    """`trips` in their order; calls that are sent together are one."""

    operation: str
    trips: list[str]


@dataclass(frozen=True, slots=True)
class _Process:
    http: httpx.AsyncClient
    calls: Calls

    async def count(self, operation: str, student: Student, step: Callable[[Student], Awaitable[None]]) -> Counted:
        """Count what a student's step costs in this process."""
        student.client = Client(self.http, student.client.tenant, student.client.token)
        await student.client.ask(SERVER_TIME)
        self.calls.since()
        await step(student)
        return Counted(operation, self.calls.since())


async def count_round_trips(emulator_host: str, directory: Path) -> list[Counted]:
    """Let two students sit a test, and come back to processes that know nothing."""
    slug, password = f"bench-{secrets.token_hex(6)}", secrets.token_hex(8)
    settings = Settings(data_dir=directory)

    @asynccontextmanager
    async def process(first: bool = False) -> AsyncIterator[_Process]:
        calls = Calls()
        store = DatastoreStore(
            PROJECT, KINDS, emulator_host=emulator_host, open_with_read=True, interceptors=[calls]
        )
        services = open_services(settings, store=store)
        if first:
            await create_tenant_with_admin(
                services.registry,
                services.catalogue.creation,
                slug=slug,
                name="Bench",
                admin_login="admin",
                admin_password=password,
                now=utc_now(),
            )
        transport = httpx.ASGITransport(create_app(settings, platform(services, settings)))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
            yield _Process(http, calls)
        await services.close()

    async with process(first=True) as one, process() as two, process() as three, process() as four:
        admin = await Client(one.http, slug).logged_in(login="admin", password=password)
        teacher = await exam.hire_teacher(admin)
        test_id = await exam.set_test(teacher, await exam.write_sections(teacher), "all")
        first, second = [
            Student(Client(one.http, slug), code, test_id) for code in await exam.enrol(admin, "all", 2)
        ]
        await first.log_in()
        await second.log_in()
        return [
            await two.count("start, where the test is new", first, Student.start),
            await two.count("paper, where the test is new", first, Student.read_paper),
            await two.count("save, where the attempt is new", first, Student.save),
            await two.count("start", second, Student.start),
            await two.count("start again", second, Student.start),
            await two.count("paper", second, Student.read_paper),
            await two.count("save", second, Student.save),
            await three.count("resume, where nothing is known", second, Student.resume),
            await three.count("save, where the attempt is new", second, Student.save),
            await three.count("submit", second, Student.submit),
            await four.count("submit, where nothing is known", first, Student.submit),
        ]
