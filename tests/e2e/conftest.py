"""Deployments that leave nothing running, and a client for them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

pytest.register_assert_rewrite("cohort", "deployment", "waiting")

from deployment import Deploy, Deployment  # noqa: E402  (once it is known that its assertions explain themselves)


@pytest.fixture
def deploy(tmp_path: Path) -> Iterator[Deploy]:
    """Return a function that makes deployments; none of them outlives the test."""
    made: list[Deployment] = []

    def make(workers: int = 1, **settings: object) -> Deployment:
        given = {name.upper(): str(value) for name, value in settings.items()}
        made.append(Deployment(tmp_path, workers, given))
        return made[-1]

    yield make
    for deployment in made:
        deployment.kill()


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    """Return a client for as many students as a test has; a deployment tells it where it is."""
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(timeout=30, limits=limits) as client:
        yield client
