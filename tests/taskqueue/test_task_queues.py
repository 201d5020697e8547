"""How queues stand, and how many processes shall work on them."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from depot import NOON, Depot

from store.port import Put
from taskqueue.contract import Weight
from taskqueue.tables import ALIVE, NODES, Node


async def test_depth_delayed_running_and_the_oldest_are_told(client: httpx.AsyncClient, depot: Depot):
    await depot.post()
    depot.clock.advance(minutes=5)
    await depot.post()
    await depot.post(run_at=depot.clock.now + timedelta(hours=1))
    await depot.post(type="demo.report")
    await depot.picked(Weight.HEAVY)
    short, heavy = (await client.get("/v1/queues")).json()
    assert short == {
        "name": "short",
        "depth": 2,
        "delayed": 1,
        "running": 0,
        "oldestWaitingAt": "2026-03-02T12:00:00Z",
        "workers": None,
        "alive": 0,
    }
    assert (heavy["name"], heavy["depth"], heavy["running"]) == ("heavy", 0, 1)


async def test_what_is_over_is_counted_nowhere(client: httpx.AsyncClient, depot: Depot):
    await depot.post()
    await depot.picker().end_ok((await depot.picked()).id, "worker", None, depot.clock.now)
    short = (await client.get("/v1/queues")).json()[0]
    assert (short["depth"], short["delayed"], short["running"], short["oldestWaitingAt"]) == (0, 0, 0, None)


async def test_live_nodes_are_counted_and_dead_ones_are_not(client: httpx.AsyncClient, depot: Depot):
    nodes = [
        Node(name="a", queue=Weight.SHORT, processes=2, proved_at=NOON),
        Node(name="b", queue=Weight.SHORT, processes=3, proved_at=NOON - ALIVE),
        Node(name="c", queue=Weight.SHORT, processes=5, proved_at=NOON - ALIVE - timedelta(seconds=1)),
        Node(name="d", queue=Weight.HEAVY, processes=1, proved_at=NOON),
    ]
    await depot.records.commit([Put(NODES.entity(node)) for node in nodes])
    assert [queue["alive"] for queue in (await client.get("/v1/queues")).json()] == [5, 1]


async def test_the_number_of_workers_lasts(client: httpx.AsyncClient, depot: Depot):
    for count in (3, 5):
        answer = await client.put("/v1/queues/heavy/workers", json={"count": count})
        assert (answer.status_code, answer.json()) == (200, {"count": count})
    async with depot.client() as other:
        assert [queue["workers"] for queue in (await other.get("/v1/queues")).json()] == [None, 5]


@pytest.mark.parametrize(("name", "count"), [("short", 0), ("short", 257), ("short", "x"), ("medium", 1)])
async def test_a_number_or_a_queue_that_cannot_be_is_refused(client: httpx.AsyncClient, name: str, count: object):
    answer = await client.put(f"/v1/queues/{name}/workers", json={"count": count})
    assert (answer.status_code, answer.json()["code"]) == (422, "INVALID")
