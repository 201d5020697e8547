"""Queues: how they stand, and how many processes work on them."""

from __future__ import annotations

from fastapi import APIRouter, Response
from pydantic import TypeAdapter

from taskqueue.contract import QueueView, Weight, WorkerCount
from taskqueue.rest.access import DeclaredRoute, MayReadQueues, MayWriteQueues
from taskqueue.rest.answers import answer, answer_list, told

router = APIRouter(prefix="/v1/queues", route_class=DeclaredRoute, tags=["queues"])

_VIEWS = TypeAdapter(list[QueueView])


@router.get("", response_model=list[QueueView], responses=told())
async def list_queues(asked: MayReadQueues) -> Response:
    """Return depth, oldest waiting task, running tasks and workers of every queue."""
    return answer_list(_VIEWS, await asked.service.queue.queues(asked.service.clock()))


@router.put("/{name}/workers", response_model=WorkerCount, responses=told())
async def set_workers(name: Weight, count: WorkerCount, asked: MayWriteQueues) -> Response:
    """Set how many processes work on a queue: running workers follow within seconds, and later ones too."""
    await asked.service.queue.set_workers(name, count.count)
    return answer(count)
