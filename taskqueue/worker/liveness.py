"""Whether a node works: a heartbeat task ended on it lately, or it is at work on tasks whose lease is fresh."""

from __future__ import annotations

from datetime import datetime, timedelta

from store.port import Delete, Namespace, Put, Query
from taskqueue.contract import Weight
from taskqueue.tables import NODES, Node
from taskqueue.worker.leases import held

BEATS = 3
"""Missed so many, a node is not believed alive."""
FORGOTTEN_AFTER = timedelta(hours=1)
PAGE = 500


def node_name(queue: Weight, host: str, token: str) -> str:
    """Return a node's name; `token` tells workers on one host apart."""
    return f"{queue.value}@{host}-{token}"


def is_on(node: Node, host: str) -> bool:
    """Tell whether a node runs on a host."""
    return node.name.rpartition("-")[0] == f"{node.queue.value}@{host}"


async def nodes(records: Namespace, queue: Weight) -> list[Node]:
    """Return the nodes of a queue that the records know, dead ones too."""
    page = await records.query(Query(NODES.kind.name, limit=PAGE))
    return [node for node in NODES.records(page.entities) if node.queue is queue]


def alive(node: Node, now: datetime, beat_seconds: float) -> bool:
    """Tell whether a node's heartbeat is recent."""
    return now - node.proved_at <= timedelta(seconds=BEATS * beat_seconds)


async def healthy(records: Namespace, queue: Weight, host: str, now: datetime, beat_seconds: float) -> bool:
    """Tell whether this host works on a queue."""
    return any(is_on(node, host) and alive(node, now, beat_seconds) for node in await nodes(records, queue))


async def prove_by_work(records: Namespace, name: str, queue: Weight, processes: int, now: datetime) -> bool:
    """Record that a node lives if it holds a fresh lease: one that is busy throughout hears no heartbeat."""
    async for _ in held(records, lambda owner: owner.startswith(f"{name}/"), now):
        node = Node(name=name, queue=queue, processes=processes, proved_at=now)
        await records.commit([Put(NODES.entity(node))])
        return True
    return False


async def forget(records: Namespace, names: list[str]) -> None:
    """Remove nodes that have ended in good order, or long ago."""
    if names:
        await records.commit([Delete(NODES.key(name)) for name in names])
