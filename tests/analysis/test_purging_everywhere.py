"""A purge reaches every service, also when one is away for a while, and whoever began it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from loop import Loop, open_loop
from school import HandClock, set_exam

from analysis.tables import KINDS as OF_ANALYSIS
from api.background import EachTenant
from api.bootstrap import own_work
from store.paging import every
from store.port import Key, Kind, Namespace, Query
from taskqueue.contract import TaskRequest, TaskState, Weight
from taskqueue.tables import Task
from tenants.errors import TenantCondemned, TenantExists, TenantUnknown
from tenants.tenant import TenantState
from tp.errors import PurgeDelayed
from tp.services.kept import KINDS
from tp.services.steps import to_the_end

REQUEST = """mutation ($input: RequestReportInput!) { requestReport(input: $input) {
  report { id } userErrors { code path message } } }"""


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def loop(tmp_path: Path, clock: HandClock) -> AsyncIterator[Loop]:
    """Return all services, with a report in each part of the way, and the school suspended."""
    async with open_loop(tmp_path, clock) as opened:
        exam = await set_exam(opened.school)
        await exam.teacher.do(REQUEST, testIds=[exam.test_id], kinds=["STANDINGS"])
        await opened.turn()
        await opened.school.services.registry.suspend("oakwood")
        yield opened


async def kept(store: Namespace, kinds: tuple[Kind, ...]) -> set[Key]:
    return {entity.key for kind in kinds async for entity in every(store, Query(kind.name, keys_only=True))}


async def kept_here(loop: Loop) -> set[Key]:
    return await kept(loop.school.services.store.namespace("t-oakwood"), KINDS)


async def kept_by_analysis(loop: Loop) -> set[Key]:
    return await kept(loop.office.service.desk.records("oakwood"), OF_ANALYSIS)


async def purge_posted(loop: Loop) -> None:
    client = loop.queue.client()
    await client.post(TaskRequest(type="tp.purge_tenant", tenant="oakwood"))
    await client.close()


async def pass_of_a_server(loop: Loop) -> None:
    services = loop.school.services
    await EachTenant(services.registry, own_work(services.catalogue).sweep, services.purging.go_on)()


async def state(loop: Loop) -> TenantState:
    return (await loop.school.services.registry.get("oakwood")).state


async def tasks_of(loop: Loop, tenant: str) -> list[Task]:
    return [task for task in await loop.queue.tasks() if task.tenant == tenant]


async def test_a_task_that_purges_leaves_nothing_in_any_service_but_its_own_record(loop: Loop) -> None:
    assert await kept_here(loop)
    assert await kept_by_analysis(loop)
    await purge_posted(loop)

    [done] = await loop.queue.work()

    assert (done.type, done.state) == ("tp.purge_tenant", TaskState.SUCCEEDED)
    assert await kept_here(loop) == set()
    assert await kept_by_analysis(loop) == set()
    assert [task.type for task in await tasks_of(loop, "oakwood")] == ["tp.purge_tenant"]
    with pytest.raises(TenantUnknown):
        await loop.school.services.registry.condemn("oakwood")


@pytest.mark.parametrize("away", ["to_analysis", "to_queue"])
async def test_while_a_service_is_away_the_name_stays_taken_and_a_servers_pass_completes_it(
    loop: Loop, away: str
) -> None:
    services = loop.school.services

    def nobody(_: httpx.Request) -> httpx.Response | None:
        raise httpx.ConnectError("down")

    wire = getattr(loop, away)
    as_before, wire.instead = wire.instead, nobody
    with pytest.raises(PurgeDelayed):
        await to_the_end(services.purging.work("oakwood"))
    await pass_of_a_server(loop)

    assert await kept_here(loop) == set()
    assert await kept_by_analysis(loop)
    assert await state(loop) is TenantState.PURGING
    assert await loop.school.people["admin"].error_codes("{ viewer { name } }") == ["TENANT_SUSPENDED"]
    for again in (services.registry.resume, services.registry.suspend):
        with pytest.raises(TenantCondemned):
            await again("oakwood")
    with pytest.raises(TenantExists):
        await services.registry.create("oakwood", "Another Oakwood")

    wire.instead = as_before
    await pass_of_a_server(loop)

    assert await kept_by_analysis(loop) == set()
    assert await tasks_of(loop, "oakwood") == []
    await services.registry.create("oakwood", "Another Oakwood")


async def test_a_task_that_purges_is_tried_again_until_the_other_service_answers(
    loop: Loop, clock: HandClock
) -> None:
    loop.to_analysis.instead = lambda _: httpx.Response(503)
    await purge_posted(loop)
    [failed] = await loop.queue.work()
    assert (failed.state, failed.attempts) == (TaskState.QUEUED, 1)

    loop.to_analysis.instead = lambda _: None
    clock.forward(hours=1)
    [done] = await loop.queue.work()

    assert (done.state, done.attempts) == (TaskState.SUCCEEDED, 2)
    assert await kept_by_analysis(loop) == set()


async def test_reports_are_deleted_once_what_makes_them_has_stopped(loop: Loop, clock: HandClock) -> None:
    await loop.queue.client().post(
        TaskRequest(type="analysis.report", tenant="oakwood", payload={"reportId": "arp_1"})
    )
    making = await loop.queue.picker.pick(Weight.HEAVY, "worker", clock())
    assert making is not None

    await loop.school.services.registry.condemn("oakwood")
    await pass_of_a_server(loop)
    assert await kept_by_analysis(loop)
    [asked] = await tasks_of(loop, "oakwood")
    assert (asked.id, asked.cancel_requested) == (making.id, True)

    await loop.queue.picker.stopped(making.id, "worker", clock())
    await pass_of_a_server(loop)
    assert await kept_by_analysis(loop) == set()
    assert await tasks_of(loop, "oakwood") == []
