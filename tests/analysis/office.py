"""An analysis platform on SQLite beside a task queue, and reports made of a planted cohort."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from queueing import Queue
from school import HandClock

from analysis import archive
from analysis.bootstrap import open_service, service_tokens
from analysis.contract import ReportKind, ReportOptions, ReportState
from analysis.desk import change
from analysis.frames import Cohort
from analysis.registry import REPORTS, Subject
from analysis.rest.access import Scope
from analysis.rest.app import create_app
from analysis.rest.service import Service
from analysis.settings import Settings

EVERYTHING = [scope.value for scope in Scope]


@dataclass
class Office:
    app: FastAPI
    service: Service
    settings: Settings
    queue: Queue
    clock: HandClock

    def client(self, tenants: tuple[str, ...] = ("*",), scopes: list[str] | None = None) -> httpx.AsyncClient:
        """Return a client with a token for these tenants."""
        tokens = service_tokens(self.settings)
        token = tokens.issue(
            "tp", EVERYTHING if scopes is None else scopes, tenants, now=self.clock(), lifetime=timedelta(days=1)
        )
        return self.without(f"Bearer {token}")

    def without(self, authorization: str = "") -> httpx.AsyncClient:
        headers = {"Authorization": authorization} if authorization else {}
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url="http://analysis.test", headers=headers)

    async def made(self, tenant: str, id: str, cohort: Cohort, *kinds: ReportKind) -> None:
        """Have the sections of a report there, as the task leaves them."""
        store, subject, rows = (
            self.service.desk.records(tenant),
            Subject(cohort, ReportOptions()),
            archive.no_rows(),
        )
        for kind in kinds:
            section = REPORTS[kind](subject)
            await archive.put_section(store, id, kind, section)
            archive.gather(rows, kind, section)
        await archive.put_students(store, id, rows)
        ready = {"state": ReportState.READY, "sections": kinds, "titles": {"t1": "Mock <one>"}}
        await change(store, id, {**ready, "ready_at": self.clock(), "students": cohort.attempts.height})


def open_office(folder: Path, clock: HandClock, queue: Queue) -> Office:
    """Open an analysis platform in `folder` that hands its work to `queue`."""
    settings = Settings(
        data_dir=folder,
        taskqueue_url="http://queue.test",
        taskqueue_token=queue.token,
        tp_url="http://tp.test",
        tp_token="unused",
    )
    service = open_service(settings, clock, queue.line)
    return Office(create_app(settings, service), service, settings, queue, clock)


def asked(tenant: str = "oakwood", key: str = "first", **fields: Any) -> dict[str, Any]:
    """Return a request for a report."""
    return {"tenant": tenant, "testIds": ["t1"], "kinds": ["STANDINGS"], "idempotencyKey": key, **fields}
