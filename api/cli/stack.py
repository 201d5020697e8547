"""The processes of one machine, wired to each other: Redis, the task queue, its worker, analysis, the server."""

from __future__ import annotations

import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from analysis.rest.access import AUDIENCE as ANALYSIS
from analysis.rest.access import Scope as AnalysisScope
from api.cli.processes import OURS, Program, python_module
from api.rest.access import AUDIENCE as PLATFORM
from api.rest.access import Scope
from api.settings import Settings
from taskqueue.broker import embedded_server
from taskqueue.rest.access import AUDIENCE as QUEUE
from taskqueue.rest.access import Scope as QueueScope
from trust.clock import utc_now
from trust.keys import SERVICE_KEY_FILE, KeyRing, generated_key_ring
from trust.service_tokens import EVERY_TENANT, ServiceTokens

TOKEN_DAYS = 30
PROCESSES_A_QUEUE = 1
OTHERS = ("TP_TASKQUEUE_URL", "TP_TASKQUEUE_TOKEN", "TP_ANALYSIS_URL", "TP_ANALYSIS_TOKEN")
"""By what the platform finds other services, in its server and in the workers."""


@dataclass(frozen=True, slots=True)
class Stack:
    """The programs, in the order in which they start; `address` is the server's, `queue` the task queue's,
    `analysis` the analysis platform's."""

    programs: tuple[Program, ...]
    address: str
    queue: str
    analysis: str


def stack(settings: Settings, host: str, port: int) -> Stack:
    """Return what runs the whole platform here. Keys are made in the data folder when there are none."""
    ring = generated_key_ring(settings.data_dir, os.urandom, SERVICE_KEY_FILE)
    redis = embedded_server(settings.data_dir, free_port())
    queue_port, analysis_port = free_port(), free_port()
    queue, analysis = f"http://127.0.0.1:{queue_port}", f"http://127.0.0.1:{analysis_port}"
    address = f"http://{_reached_at(host)}:{port}"
    keys = (settings.data_dir / SERVICE_KEY_FILE).read_text("utf-8")
    tasks = (QueueScope.TASKS_READ, QueueScope.TASKS_WRITE)
    queue_token = _token(ring, QUEUE, "tp", (*tasks, QueueScope.TENANTS_PURGE))
    of_queue = {
        "TASKQUEUE_DATA_DIR": str(settings.data_dir),
        "TASKQUEUE_STORE": settings.store,
        "TASKQUEUE_KEYS": keys,
        "TASKQUEUE_LOG_FORMAT": settings.log_format_used.value,
        "TASKQUEUE_CALLBACK_HOSTS": f"127.0.0.1,localhost,{_reached_at(host)}",
        **({"TASKQUEUE_BROKER": redis.url} if redis is not None else {}),
    }
    of_analysis = {
        "ANALYSIS_DATA_DIR": str(settings.data_dir),
        "ANALYSIS_STORE": settings.store,
        "ANALYSIS_KEYS": keys,
        "ANALYSIS_LOG_FORMAT": settings.log_format_used.value,
        "ANALYSIS_TASKQUEUE_URL": queue,
        "ANALYSIS_TASKQUEUE_TOKEN": _token(ring, QUEUE, "analysis", tasks),
        "ANALYSIS_TP_URL": address,
        "ANALYSIS_TP_TOKEN": _token(ring, PLATFORM, "analysis", tuple(Scope)),
        "ANALYSIS_PUBLIC_URL": analysis,
    }
    of_server = {
        **({"TP_REDIS_URL": redis.url} if redis is not None else {}),
        "TP_SERVICE_KEYS": keys,
        "TP_TASKQUEUE_URL": queue,
        "TP_TASKQUEUE_TOKEN": queue_token,
        "TP_ANALYSIS_URL": analysis,
        "TP_ANALYSIS_TOKEN": _token(ring, ANALYSIS, "tp", tuple(AnalysisScope)),
    }
    served = ("serve", "--host", "127.0.0.1", "--port")
    worked = ("worker", "--concurrency", str(PROCESSES_A_QUEUE))
    asked = {name: of_server[name] for name in OTHERS}
    programs = [
        *([Program("redis", redis.command)] if redis is not None else []),
        Program("queue", python_module("taskqueue.cli", *served, str(queue_port)), f"{queue}/readyz", of_queue),
        Program("worker", python_module("taskqueue.cli", *worked), None, {**of_queue, **of_analysis, **asked}),
        Program(
            "analysis",
            python_module("analysis.cli", *served, str(analysis_port)),
            f"{analysis}/readyz",
            of_analysis,
        ),
        Program("server", (*OURS, "serve", "--host", host, "--port", str(port)), f"{address}/readyz", of_server),
    ]
    return Stack(tuple(programs), address, queue, analysis)


def free_port() -> int:
    """Return a loopback port on which nothing listens now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _token(ring: KeyRing, audience: str, service: str, scopes: Sequence[StrEnum]) -> str:
    """Return what one service asks another with, for every tenant."""
    tokens = ServiceTokens(ring, audience, os.urandom)
    lifetime = timedelta(days=TOKEN_DAYS)
    return tokens.issue(
        service, [scope.value for scope in scopes], [EVERY_TENANT], now=utc_now(), lifetime=lifetime
    )


def _reached_at(host: str) -> str:
    """Return the address at which this machine reaches a server that listens on `host`."""
    return {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)
