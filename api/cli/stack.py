"""The processes of one machine, wired to each other: Redis, the task queue and its worker, the server."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from datetime import timedelta

from api.cli.processes import OURS, Program, python_module
from api.settings import Settings
from taskqueue.bootstrap import KEY_FILE, service_tokens
from taskqueue.broker import embedded_server
from taskqueue.rest.access import Scope
from taskqueue.settings import Settings as QueueSettings
from trust.clock import utc_now
from trust.keys import generated_key_ring
from trust.service_tokens import EVERY_TENANT

SERVICE = "tp"
TOKEN_DAYS = 30
PROCESSES_A_QUEUE = 1


@dataclass(frozen=True, slots=True)
class Stack:
    """The programs, in the order in which they start; `address` is the server's, `queue` the task queue's."""

    programs: tuple[Program, ...]
    address: str
    queue: str


def stack(settings: Settings, host: str, port: int) -> Stack:
    """Return what runs the whole platform here. Keys are made in the data folder when there are none."""
    generated_key_ring(settings.data_dir, os.urandom, KEY_FILE)
    redis = embedded_server(settings.data_dir, free_port())
    queue_port = free_port()
    queue = f"http://127.0.0.1:{queue_port}"
    address = f"http://{_reached_at(host)}:{port}"
    shared = {
        "TASKQUEUE_DATA_DIR": str(settings.data_dir),
        "TASKQUEUE_STORE": settings.store,
        "TASKQUEUE_KEYS": (settings.data_dir / KEY_FILE).read_text("utf-8"),
        "TASKQUEUE_LOG_FORMAT": settings.log_format_used.value,
        **({"TASKQUEUE_BROKER": redis.url} if redis is not None else {}),
    }
    served = ("serve", "--host", "127.0.0.1", "--port", str(queue_port))
    worked = ("worker", "--concurrency", str(PROCESSES_A_QUEUE))
    programs = [
        *([Program("redis", redis.command)] if redis is not None else []),
        Program("queue", python_module("taskqueue.cli", *served), f"{queue}/readyz", shared),
        Program("worker", python_module("taskqueue.cli", *worked), None, shared),
        Program(
            "server",
            (*OURS, "serve", "--host", host, "--port", str(port)),
            f"{address}/readyz",
            {"TP_TASKQUEUE_URL": queue, "TP_TASKQUEUE_TOKEN": _token(shared)},
        ),
    ]
    return Stack(tuple(programs), address, queue)


def free_port() -> int:
    """Return a loopback port on which nothing listens now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _token(environment: dict[str, str]) -> str:
    keys = QueueSettings(keys=environment["TASKQUEUE_KEYS"], store=environment["TASKQUEUE_STORE"])
    scopes = [Scope.TASKS_READ.value, Scope.TASKS_WRITE.value]
    lifetime = timedelta(days=TOKEN_DAYS)
    return service_tokens(keys).issue(SERVICE, scopes, [EVERY_TENANT], now=utc_now(), lifetime=lifetime)


def _reached_at(host: str) -> str:
    """Return the address at which this machine reaches a server that listens on `host`."""
    return {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)
