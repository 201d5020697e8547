"""A tenant as a whole: exported line by line, and purged so that nothing is left and nobody else is touched."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
import pytest
from queueing import Queue
from school import SUBMIT, Exam, Person, School, set_exam
from test_outbox_relay import sweep
from test_tasks_exporting import neighbour

from store.paging import every
from store.port import Key, Query
from store.records import BODY
from taskqueue.contract import ErrorCode, TaskRequest, TaskState
from tenants.errors import TenantActive, TenantUnknown
from tp.services.kept import KINDS

Kept = dict[Key, Mapping[str, Any]]


async def kept(school: School, namespace: str) -> Kept:
    """Return every entity of a namespace."""
    store = school.services.store.namespace(namespace)
    found: Kept = {}
    for kind in KINDS:
        async for entity in every(store, Query(kind.name, limit=500)):
            found[entity.key] = entity.properties
    return found


async def lived_in(exam: Exam, queue: Queue) -> None:
    student = await exam.student("asha")
    await student.do(SUBMIT, attemptId=await exam.start(student), lastSeq=0)
    await sweep(exam.school)
    await queue.work()


async def posted(queue: Queue, type: str, tenant: str = "oakwood") -> None:
    client = queue.client()
    await client.post(TaskRequest(type=type, tenant=tenant))
    await client.close()


async def test_everything_of_a_tenant_is_exported_and_goes_on_after_a_break(
    queued_exam: Exam, queue: Queue, tmp_path: Path
) -> None:
    await lived_in(queued_exam, queue)
    everything = await kept(queued_exam.school, "t-oakwood")
    await posted(queue, "tp.export_tenant")

    await queue.work(stop_after=5)
    queued_exam.school.clock.forward(minutes=1)
    [done] = await queue.work()

    path = tmp_path / "exports" / "oakwood.ndjson"
    lines = [orjson.loads(line) for line in path.read_bytes().splitlines()]
    assert (done.attempts, done.result) == (2, {"done": len(everything)})
    assert len(lines) == len(everything)
    told = {Key(line["kind"], line["id"]): line["body"] for line in lines}
    assert told == {key: orjson.loads(properties[BODY]) for key, properties in everything.items()}
    assert path.stat().st_mode & 0o077 == 0


async def test_a_purge_leaves_nothing_and_touches_nobody_else(queued_exam: Exam, queue: Queue) -> None:
    school = queued_exam.school
    await lived_in(queued_exam, queue)
    there = await neighbour(school)
    other = School(school.app, school.client, school.services, school.clock, await tenant(school, "beechwood"))
    other.people["admin"] = there
    await lived_in(await set_exam(other), queue)
    before = await kept(school, "t-beechwood")
    await school.services.registry.suspend("oakwood")
    await posted(queue, "tp.purge_tenant")

    await queue.work(stop_after=3)
    school.clock.forward(minutes=1)
    [done] = await queue.work()

    assert (done.type, done.state, done.attempts) == ("tp.purge_tenant", TaskState.SUCCEEDED, 2)
    assert await kept(school, "t-oakwood") == {}
    assert await kept(school, "t-beechwood") == before
    page = await school.services.registry.page()
    assert [tenant.slug for tenant in page.tenants] == ["beechwood"]
    with pytest.raises(TenantUnknown):
        await school.services.registry.condemn("oakwood")
    assert (await there.ask("{ viewer { tenant } }"))["tenant"] == "beechwood"


async def tenant(school: School, slug: str) -> Any:
    return await school.services.registry.get(slug)


async def test_an_active_tenant_is_not_purged(queued_exam: Exam, queue: Queue) -> None:
    before = await kept(queued_exam.school, "t-oakwood")
    await posted(queue, "tp.purge_tenant")

    [done] = await queue.work()

    assert done.state is TaskState.FAILED
    assert done.error is not None
    assert done.error.code is ErrorCode.REFUSED
    assert await kept(queued_exam.school, "t-oakwood") == before
    with pytest.raises(TenantActive):
        await queued_exam.school.services.registry.remove("oakwood")
    assert await queued_exam.teacher.ask("{ viewer { tenant } }") == {"tenant": "oakwood"}


async def test_a_purged_tenant_is_purged_again_without_harm(queued_school: School, queue: Queue) -> None:
    await posted(queue, "tp.purge_tenant", "never-was")

    [done] = await queue.work()

    assert (done.state, done.result) == (TaskState.SUCCEEDED, {"done": 0})


async def test_the_name_of_a_purged_tenant_is_free_again_and_its_tokens_are_not_good_there(
    queued_school: School, queue: Queue
) -> None:
    admin: Person = await queued_school.admin()
    await queued_school.services.registry.suspend("oakwood")
    await posted(queue, "tp.purge_tenant")
    await queue.work()

    queued_school.clock.forward(minutes=1)
    await queued_school.services.registry.create("oakwood", "Another Oakwood")

    assert await kept(queued_school, "t-oakwood") == {}
    assert await admin.error_codes("{ viewer { name } }") == ["UNAUTHENTICATED"]
