"""Tasks: posted, read, listed, cancelled, retried."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from taskqueue.contract import TaskPage, TaskRequest, TaskState, TaskView
from taskqueue.queue import PAGE_LIMIT
from taskqueue.rest.access import DeclaredRoute, MayReadTasks, MayWriteTasks, covered, seen_tenants
from taskqueue.rest.answers import answer, told
from taskqueue.views import task_view

router = APIRouter(prefix="/v1/tasks", route_class=DeclaredRoute, tags=["tasks"])

Limit = Annotated[int, Query(ge=1, le=PAGE_LIMIT)]
Cursor = Annotated[str | None, Query(max_length=4_000)]
TenantName = Annotated[str | None, Query(max_length=40)]


@router.post(
    "",
    status_code=201,
    response_model=TaskView,
    responses={200: {"model": TaskView, "description": "The same request came before"}, **told(409, 413)},
)
async def post_task(request: TaskRequest, asked: MayWriteTasks) -> Response:
    """Hand over a task: what is answered with 200 or 201 is kept durably, and will be done."""
    covered(asked.caller, request.tenant)
    task, created = await asked.service.queue.post(request, asked.service.clock())
    return answer(task_view(task), 201 if created else 200, {"Location": f"/v1/tasks/{task.id}"})


@router.get("/{task_id}", response_model=TaskView, responses=told(404))
async def get_task(task_id: str, asked: MayReadTasks) -> Response:
    """Return a task."""
    return answer(task_view(await asked.service.queue.get(task_id, asked.caller)))


@router.get("", response_model=TaskPage, responses=told(400))
async def list_tasks(
    asked: MayReadTasks,
    state: TaskState | None = None,
    type: Annotated[str | None, Query(max_length=100)] = None,
    tenant: TenantName = None,
    cursor: Cursor = None,
    limit: Limit = PAGE_LIMIT,
) -> Response:
    """List tasks, page by page, the newest first."""
    page = await asked.service.queue.page(
        tenant=seen_tenants(asked.caller, tenant), state=state, type=type, cursor=cursor, limit=limit
    )
    return answer(TaskPage(tasks=[task_view(task) for task in page.tasks], next=page.next))


@router.post("/{task_id}/cancel", response_model=TaskView, responses=told(404, 409))
async def cancel_task(task_id: str, asked: MayWriteTasks) -> Response:
    """End a task that waits, or ask one that runs to stop."""
    return answer(task_view(await asked.service.queue.cancel(task_id, asked.caller, asked.service.clock())))


@router.post("/{task_id}/retry", response_model=TaskView, responses=told(404, 409))
async def retry_task(task_id: str, asked: MayWriteTasks) -> Response:
    """Let a failed or cancelled task begin anew, from its checkpoint."""
    return answer(task_view(await asked.service.queue.retry(task_id, asked.caller, asked.service.clock())))
