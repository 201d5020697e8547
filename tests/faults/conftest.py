"""Fixtures of the fault suite: a Redis to be killed, and workers that are ended with the test."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

pytest.register_assert_rewrite("worker_house")
sys.path.append(str(Path(__file__).with_name("plugin")))

import fault_handlers  # noqa: E402
from redis_server import Redis  # noqa: E402
from worker_house import House  # noqa: E402

from taskqueue.broker import find_server  # noqa: E402


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    """Return a Redis that runs."""
    if find_server() is None:
        reason = "no redis-server or valkey-server on the PATH, and none that a distribution ships"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    server = Redis(tmp_path / "redis")
    server.start()
    yield server
    server.kill()


@pytest.fixture
async def house(tmp_path: Path, redis: Redis) -> AsyncIterator[House]:
    """Return a house whose rings go over Redis."""
    made = House(tmp_path, redis.url, fault_handlers.plugin())
    yield made
    await made.close()


@pytest.fixture
async def house_without_redis(tmp_path: Path) -> AsyncIterator[House]:
    """Return a house whose rings go through a folder."""
    made = House(tmp_path, None, fault_handlers.plugin())
    yield made
    await made.close()
