"""Grading through the queue: the outbox of a test that ends is relayed, and two worker processes do the rest."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass

import httpx

from api.asgi import create_app, utc_now
from api.bootstrap import Services, open_services, platform
from api.cli.demo.client import Client
from api.settings import Settings
from bench import exam
from bench.cpu import cpu_seconds
from bench.taskqueue.cohort import Cohort, write_cohort
from bench.taskqueue.house import House, Served
from bench.taskqueue.memory import watched
from bench.taskqueue.posting import connections, none_left, warm
from store.port import Namespace, Query
from tenants.tenant import Tenant
from tp.clients.taskqueue import TaskQueueClient
from tp.domain.attempt import AttemptState
from tp.domain.paper import Paper
from tp.services.people.provisioning import create_tenant_with_admin
from tp.services.tests import load_test
from tp.tables import ATTEMPTS, OUTBOX, PAPERS, version_id

PROCESSES = 2
SECONDS = 900.0
"""After so long it is given up."""


@dataclass(frozen=True, slots=True)
class Graded:
    """`writing`: seconds that making the cohort took, before. `cpu`: of the worker, milliseconds an attempt.

    `memory`: MiB of its largest process over the time.
    """

    cohort: Cohort
    writing: float
    relaying: float
    seconds: float
    cpu: float | None
    memory: list[float]

    @property
    def rate(self) -> float:
        return self.cohort.attempts / self.seconds


async def grade_all(house: House, attempts: int) -> Graded:
    """Have so many attempts of 75 questions graded. Raises TimeoutError, Failed, httpx.HTTPError."""
    settings = Settings(data_dir=house.directory, store="sqlite", taskqueue_url=None)
    with house.serving() as served:
        queue = TaskQueueClient(served.address, house.token)
        services = open_services(settings, queue=queue)
        try:
            tenant, test_id = await set_exam(services, settings)
            store = services.store.namespace(tenant.namespace)
            paper = await read_paper(store, test_id)
            began = time.perf_counter()
            cohort = await write_cohort(store, paper, attempts, utc_now())
            writing = time.perf_counter() - began
            with house.working(PROCESSES) as worker:
                return await _grade(house, served, services, tenant, store, cohort, writing, worker)
        finally:
            await services.close()


async def _grade(
    house: House,
    served: Served,
    services: Services,
    tenant: Tenant,
    store: Namespace,
    cohort: Cohort,
    writing: float,
    worker: int,
) -> Graded:
    async with connections(house, served, 1) as [client]:
        await warm(client, PROCESSES, "warm grading")
    assert services.catalogue.relay is not None
    before, began = cpu_seconds(worker), time.perf_counter()
    async with watched(worker) as memory:
        await services.catalogue.relay.relay(tenant.slug, store)
        relaying = time.perf_counter() - began
        await none_left(lambda: _open(store), SECONDS)
    seconds, after = time.perf_counter() - began, cpu_seconds(worker)
    cpu = None if before is None or after is None else (after - before) / cohort.attempts * 1000
    return Graded(cohort, writing, relaying, seconds, cpu, memory.largest())


async def _open(store: Namespace) -> int:
    """Return how many attempts wait; also a record of the outbox is one."""
    waiting = Query(ATTEMPTS.kind.name, where={"state": AttemptState.SUBMITTED})
    return await store.count(waiting) + await store.count(Query(OUTBOX.kind.name))


async def set_exam(services: Services, settings: Settings) -> tuple[Tenant, str]:
    """Publish a test of 75 questions through the API; return its tenant and its id."""
    password = secrets.token_hex(8)
    made = await create_tenant_with_admin(
        services.registry,
        services.catalogue.creation,
        slug="bench",
        name="Bench",
        admin_login="admin",
        admin_password=password,
        now=utc_now(),
    )
    transport = httpx.ASGITransport(create_app(settings, platform(services, settings)))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
        admin = await Client(http, made.tenant.slug).logged_in(login="admin", password=password)
        teacher = await exam.hire_teacher(admin)
        return made.tenant, await exam.set_test(teacher, await exam.write_sections(teacher), "all")


async def read_paper(store: Namespace, test_id: str) -> Paper:
    """Return the paper of a published test."""
    test = await load_test(store, test_id)
    assert test.paper_version is not None
    entity = await store.get(PAPERS.key(version_id(test_id, test.paper_version)))
    assert entity is not None
    return PAPERS.record(entity)
