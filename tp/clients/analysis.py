"""The analysis platform as the test platform calls it: over REST, with a service token, behind a breaker."""

from __future__ import annotations

import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel

from analysis.contract import Link, ReportKind, ReportRequest, ReportView, StudentView, TenantPurge
from tp.clients.breaker import Breaker
from tp.clients.errors import AnalysisRefused, AnalysisUnreachable

TIMEOUT = httpx.Timeout(10.0, connect=2.0)
DETAIL_LENGTH = 300
LATER = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})

M = TypeVar("M", bound=BaseModel)


class AnalysisClient:
    """Nothing is retried here. While the breaker is open, a call ends at once as unreachable."""

    def __init__(
        self,
        url: str,
        token: str,
        transport: httpx.AsyncBaseTransport | None = None,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        self._http = httpx.AsyncClient(
            base_url=url, headers=headers, timeout=TIMEOUT, transport=transport, trust_env=False
        )
        self._ticks = ticks
        self._breaker = Breaker()

    async def request(self, request: ReportRequest) -> ReportView:
        """Have a report made, or find the one of that key. Raises AnalysisUnreachable, AnalysisRefused."""
        body = request.model_dump(mode="json", by_alias=True)
        return _read(await self._send("POST", "/v1/reports", json=body), ReportView)

    async def report(self, tenant: str, id: str) -> ReportView | None:
        """Return how a report stands, without its sections; `None` when there is none of that id."""
        params = {"tenant": tenant, "sections": "false"}
        answer = await self._send("GET", _path(id), params=params)
        return None if answer.status_code == HTTPStatus.NOT_FOUND else _read(answer, ReportView)

    async def section(self, tenant: str, id: str, kind: ReportKind) -> Any:
        """Return one section; `None` when the report has none of this kind."""
        params = {"tenant": tenant, "kinds": kind.value}
        view = _read(await self._send("GET", _path(id), params=params), ReportView)
        return view.sections.get(kind)

    async def student(self, tenant: str, id: str, student_id: str) -> StudentView | None:
        """Return what a report says of one student; `None` when it says nothing."""
        path = f"{_path(id)}/students/{quote(student_id, safe='')}"
        answer = await self._send("GET", path, params={"tenant": tenant})
        return None if answer.status_code == HTTPStatus.NOT_FOUND else _read(answer, StudentView)

    async def link(self, tenant: str, id: str) -> Link:
        """Return a link that opens a report's page in a browser."""
        return _read(await self._send("POST", f"{_path(id)}/links", params={"tenant": tenant}), Link)

    async def purge(self, tenant: str) -> TenantPurge:
        """Have a tenant's reports deleted, some at a time. Raises AnalysisUnreachable, AnalysisRefused."""
        return _read(await self._send("DELETE", f"/v1/tenants/{quote(tenant, safe='')}"), TenantPurge)

    async def close(self) -> None:
        await self._http.aclose()

    async def _send(self, method: str, path: str, **content: Any) -> httpx.Response:
        may, self._breaker = self._breaker.asked(self._ticks())
        if not may:
            raise AnalysisUnreachable("it has failed several times in a row, and is left alone for a while")
        try:
            answer = await self._http.request(method, path, **content)
        except httpx.HTTPError as error:
            self._breaker = self._breaker.failed(self._ticks())
            raise AnalysisUnreachable(str(error) or type(error).__name__) from error
        if answer.status_code >= 500 or answer.status_code in LATER:
            self._breaker = self._breaker.failed(self._ticks())
            raise AnalysisUnreachable(f"HTTP {answer.status_code}")
        self._breaker = self._breaker.succeeded()
        return answer


def _path(id: str) -> str:
    return f"/v1/reports/{quote(id, safe='')}"


def _read(answer: httpx.Response, model: type[M]) -> M:
    if not answer.is_success:
        raise AnalysisRefused(answer.status_code, answer.text[:DETAIL_LENGTH])
    try:
        return model.model_validate_json(answer.content)
    except ValueError as error:
        raise AnalysisUnreachable(f"an answer that is no {model.__name__}") from error
