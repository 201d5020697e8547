"""The task queue as the platform calls it: over REST, with a service token."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel

from taskqueue.contract import TaskRequest, TaskView, TenantPurge
from tp.clients.errors import KeyConflict, QueueUnreachable, TaskRefused

TIMEOUT = httpx.Timeout(10.0, connect=2.0)
DETAIL_LENGTH = 300
LATER = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})

M = TypeVar("M", bound=BaseModel)


class TaskQueueClient:
    """Connections are kept; nothing is retried here: who posts does so again with the same key."""

    def __init__(self, url: str, token: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        self._http = httpx.AsyncClient(base_url=url, headers=headers, timeout=TIMEOUT, transport=transport)

    async def post(self, request: TaskRequest) -> TaskView:
        """Post a task, or find the one that its idempotency key stands for.

        Raises QueueUnreachable, TaskRefused, KeyConflict.
        """
        body = request.model_dump(mode="json", by_alias=True, exclude_none=True)
        answer = await self._send("POST", "/v1/tasks", json=body)
        if answer.status_code == HTTPStatus.CONFLICT:
            raise KeyConflict(request.idempotency_key or "")
        return _task(answer)

    async def get(self, id: str) -> TaskView | None:
        """Return a task, `None` when there is none of that id. Raises QueueUnreachable, TaskRefused."""
        answer = await self._send("GET", f"/v1/tasks/{quote(id, safe='')}")
        return None if answer.status_code == HTTPStatus.NOT_FOUND else _task(answer)

    async def cancel(self, id: str) -> TaskView:
        """Cancel a task, or ask it to stop while it runs. Raises QueueUnreachable, TaskRefused."""
        return _task(await self._send("POST", f"/v1/tasks/{quote(id, safe='')}/cancel"))

    async def purge(self, tenant: str, spare: str) -> TenantPurge:
        """Have a tenant's schedules and tasks deleted, some at a time, those of the type `spare` left out.

        Raises QueueUnreachable, TaskRefused.
        """
        path = f"/v1/tenants/{quote(tenant, safe='')}"
        return _read(await self._send("DELETE", path, params={"spare": spare}), TenantPurge)

    async def close(self) -> None:
        await self._http.aclose()

    async def _send(self, method: str, path: str, **content: Any) -> httpx.Response:
        try:
            answer = await self._http.request(method, path, **content)
        except httpx.HTTPError as error:
            raise QueueUnreachable(str(error) or type(error).__name__) from error
        if answer.status_code >= 500 or answer.status_code in LATER:
            raise QueueUnreachable(f"HTTP {answer.status_code}")
        return answer


def _task(answer: httpx.Response) -> TaskView:
    return _read(answer, TaskView)


def _read(answer: httpx.Response, model: type[M]) -> M:
    if not answer.is_success:
        raise TaskRefused(answer.status_code, answer.text[:DETAIL_LENGTH])
    try:
        return model.model_validate_json(answer.content)
    except ValueError as error:
        raise QueueUnreachable(f"an answer that is no {model.__name__}") from error
