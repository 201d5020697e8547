"""The task queue as the analysis platform calls it: over REST, with a service token."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from analysis.errors import QueueRefused, QueueUnreachable
from taskqueue.contract import TaskRequest, TaskView

TIMEOUT = httpx.Timeout(10.0, connect=2.0)
DETAIL_LENGTH = 300
LATER = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})


class QueueClient:
    """Nothing is retried here: who asks does so again with the same key."""

    def __init__(self, url: str, token: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        self._http = httpx.AsyncClient(
            base_url=url, headers=headers, timeout=TIMEOUT, transport=transport, trust_env=False
        )

    async def post(self, request: TaskRequest) -> TaskView:
        """Post a task, or find the one that its key stands for. Raises QueueUnreachable, QueueRefused."""
        body = request.model_dump(mode="json", by_alias=True, exclude_none=True)
        return _task(await self._send("POST", "/v1/tasks", json=body))

    async def get(self, id: str) -> TaskView | None:
        """Return a task, `None` when there is none of that id. Raises QueueUnreachable, QueueRefused."""
        answer = await self._send("GET", f"/v1/tasks/{quote(id, safe='')}")
        return None if answer.status_code == HTTPStatus.NOT_FOUND else _task(answer)

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
    if not answer.is_success:
        raise QueueRefused(answer.status_code, answer.text[:DETAIL_LENGTH])
    try:
        return TaskView.model_validate_json(answer.content)
    except ValueError as error:
        raise QueueUnreachable("an answer that is no task") from error
