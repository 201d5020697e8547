"""Reports over REST: asked for, followed, listed; by whom, and how it is told when not."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from office import Office, asked

from analysis.contract import ReportKind
from analysis.frames import Cohort
from analysis.rest.app import OPEN
from analysis.tables import KINDS
from store.port import Query
from taskqueue.contract import ErrorCode, TaskError


async def request(client: httpx.AsyncClient, **fields: Any) -> dict[str, Any]:
    answer = await client.post("/v1/reports", json=asked(**fields))
    assert answer.status_code == 202, answer.text
    view: dict[str, Any] = answer.json()
    return view


async def test_a_report_is_accepted_and_its_work_handed_to_the_queue(
    office: Office, client: httpx.AsyncClient
) -> None:
    view = await request(client)

    assert (view["state"], view["progress"], view["sections"]) == ("REQUESTED", 0.0, {})
    [task] = await office.queue.tasks("analysis.report")
    assert (task.tenant, task.payload) == ("oakwood", {"reportId": view["id"]})
    assert task.callback is not None
    assert task.callback.url == "http://tp.test/t/oakwood/reports/first/ended"


async def test_the_same_key_is_the_same_report_and_with_other_content_a_conflict(
    office: Office, client: httpx.AsyncClient
) -> None:
    first = await request(client)

    assert (await request(client))["id"] == first["id"]
    assert len(await office.queue.tasks()) == 1
    other = await client.post("/v1/reports", json=asked(kinds=["ITEMS"]))
    assert (other.status_code, other.json()["code"]) == (409, "IDEMPOTENCY_CONFLICT")
    assert (await request(client, key="second"))["id"] != first["id"]


async def test_while_the_queue_is_away_a_request_is_refused_for_now_and_kept(
    office: Office, client: httpx.AsyncClient
) -> None:
    office.queue.line.cut = True
    refused = await client.post("/v1/reports", json=asked())
    assert (refused.status_code, refused.json()["code"]) == (503, "QUEUE_UNAVAILABLE")
    assert refused.headers["Retry-After"]

    office.queue.line.cut = False
    await request(client)
    assert len(await office.queue.tasks()) == 1


async def test_a_report_whose_task_came_to_nothing_has_failed_with_a_reason(
    office: Office, client: httpx.AsyncClient
) -> None:
    view = await request(client)
    task = await office.queue.picker.pick((await office.queue.tasks())[0].queue, "worker", office.clock())
    assert task is not None
    error = TaskError(code=ErrorCode.REFUSED, message="The test is gone.", at=office.clock())
    await office.queue.picker.end_failed(task.id, "worker", error, office.clock())

    told = (await client.get(f"/v1/reports/{view['id']}", params={"tenant": "oakwood"})).json()
    assert (told["state"], told["reason"]) == ("FAILED", "The test is gone.")


async def test_sections_and_students_are_shown_once_the_report_is_ready(
    office: Office, client: httpx.AsyncClient, cohort: Cohort
) -> None:
    id = (await request(client, kinds=["STANDINGS", "STUDENT"]))["id"]
    student = cohort.attempts["student"][0]
    path, params = f"/v1/reports/{id}", {"tenant": "oakwood"}
    early = await client.get(f"{path}/students/{student}", params=params)
    assert (early.status_code, early.json()["code"]) == (409, "NOT_READY")

    await office.made("oakwood", id, cohort, ReportKind.STANDINGS, ReportKind.STUDENT)

    whole = (await client.get(path, params=params)).json()
    assert whole["state"] == "READY"
    assert len(whole["sections"]["STANDINGS"]["rows"]) == 30
    bare = (await client.get(path, params={**params, "sections": "false"})).json()
    assert bare["sections"] == {}
    own = (await client.get(f"{path}/students/{student}", params=params)).json()
    assert {row["studentId"] for rows in own["rows"].values() for row in rows["rows"]} == {student}
    assert own["rows"].keys() == {"STANDINGS", "STUDENT"}
    assert (await client.get(f"{path}/students/nobody", params=params)).status_code == 404


async def test_reports_are_listed_page_by_page_and_by_test(client: httpx.AsyncClient) -> None:
    for number in range(3):
        await request(client, key=str(number), testIds=[f"t{number}"])

    first = (await client.get("/v1/reports", params={"tenant": "oakwood", "limit": 2})).json()
    rest = (await client.get("/v1/reports", params={"tenant": "oakwood", "cursor": first["next"]})).json()
    assert len(first["reports"] + rest["reports"]) == 3
    of_one = (await client.get("/v1/reports", params={"tenant": "oakwood", "test": "t1"})).json()
    assert [report["testIds"] for report in of_one["reports"]] == [["t1"]]
    bad = await client.get("/v1/reports", params={"tenant": "oakwood", "cursor": "nonsense"})
    assert (bad.status_code, bad.json()["code"]) == (400, "BAD_CURSOR")


async def test_another_tenants_report_is_as_one_that_is_not_there(
    office: Office, client: httpx.AsyncClient
) -> None:
    id = (await request(client))["id"]
    async with office.client(("elmwood",)) as foreign:
        theirs = await foreign.get(f"/v1/reports/{id}")
        missing = await foreign.get("/v1/reports/arp_missing")
        assert (theirs.status_code, theirs.json()["title"]) == (404, missing.json()["title"])
        assert (await foreign.get("/v1/reports")).json()["reports"] == []
        for refused in (
            await foreign.get(f"/v1/reports/{id}", params={"tenant": "oakwood"}),
            await foreign.post("/v1/reports", json=asked()),
        ):
            assert (refused.status_code, refused.json()["code"]) == (403, "TENANT_NOT_COVERED")


async def test_every_route_asks_for_a_token_with_its_scope(office: Office) -> None:
    paths = office.app.openapi()["paths"]
    routes = [(method.upper(), path) for path, methods in paths.items() for method in methods]
    assert len(routes) == 9
    reads, others = ["reports:read"], ["pages:read"]
    async with (
        office.without() as nobody,
        office.client(scopes=reads) as reader,
        office.client(scopes=others) as idle,
    ):
        for method, path in routes:
            url = path.format(report_id="arp_1", student_id="s", tenant="oakwood")
            assert url not in OPEN
            assert (await nobody.request(method, url)).json()["code"] == "UNAUTHENTICATED"
            assert (await idle.request(method, url)).json()["code"] == "FORBIDDEN"
        assert (await reader.post("/v1/reports", json=asked())).json()["code"] == "FORBIDDEN"
        assert (await reader.delete("/v1/tenants/oakwood")).json()["code"] == "FORBIDDEN"


async def test_a_purge_leaves_nothing_of_a_tenant_and_touches_nobody_elses(office: Office, cohort: Cohort) -> None:
    async with office.client(("oakwood",)) as ours, office.client(("elmwood",)) as theirs:
        kept = await request(theirs, tenant="elmwood")
        id = (await request(ours))["id"]
        await office.made("oakwood", id, cohort, ReportKind.STANDINGS)
        refused = await theirs.delete("/v1/tenants/oakwood")
        assert (refused.status_code, refused.json()["code"]) == (403, "TENANT_NOT_COVERED")
        assert (await ours.get(f"/v1/reports/{id}")).json()["state"] == "READY"

        some = await office.service.desk.purge("oakwood", most=20)
        told = [(await ours.delete("/v1/tenants/oakwood")).json() for _ in range(2)]

        # A report, its section, and a row for each of thirty students.
        assert (some.deleted, some.more) == (20, True)
        assert told == [{"deleted": 12, "more": False}, {"deleted": 0, "more": False}]
        records = office.service.desk.records("oakwood")
        assert [(await records.query(Query(kind.name))).entities for kind in KINDS] == [()] * len(KINDS)
        assert (await ours.get(f"/v1/reports/{id}")).status_code == 404
        assert (await theirs.get(f"/v1/reports/{kept['id']}")).status_code == 200


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"kinds": []}, "kinds"),
        ({"kinds": ["NONSENSE"]}, "kinds"),
        ({"testIds": []}, "testIds"),
        ({"options": {"idleSeconds": 1}}, "options"),
        ({"more": 1}, "more"),
    ],
)
async def test_what_is_at_fault_is_told_by_its_place(
    client: httpx.AsyncClient, fields: dict[str, Any], path: str
) -> None:
    answer = await client.post("/v1/reports", json=asked(**fields))

    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["errors"][0]["path"][0] == path
