"""The figures of the server: what they tell, of which workers, and to whom."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from asgi.metrics import GONE_SECONDS, Metrics

SECRET = "a-token-of-prometheus"


def samples(text: str) -> dict[tuple[str, str, str], float]:
    """Return values by name, worker, and the values of all other labels."""
    return {
        (each.name, each.labels["worker"], " ".join(v for k, v in sorted(each.labels.items()) if k != "worker")): (
            each.value
        )
        for family in text_string_to_metric_families(text)
        for each in family.samples
    }


def aged(folder: Path) -> Path:
    """Return the one file of a folder, made so old that whoever wrote it must have ended."""
    [file] = folder.iterdir()
    os.utime(file, times=(0, file.stat().st_mtime - GONE_SECONDS - 1))
    return file


async def test_requests_and_look_ups_are_counted(make_door: Callable[..., Any], tmp_path: Path) -> None:
    door = make_door(data_dir=tmp_path)
    for _ in range(3):
        await door.ask("{ serverTime }")
    await door.ask("{ nothing }")
    answer = await door.client.get("/metrics")
    told, me = samples(answer.text), str(os.getpid())

    assert answer.headers["content-type"].startswith("text/plain; version=")
    assert told["http_request_seconds_count", me, "200"] == 3
    assert told["http_request_seconds_count", me, "400"] == 1
    assert told["tp_cache_lookups_total", me, "documents hit"] == 2
    assert told["tp_cache_lookups_total", me, "documents miss"] == 2
    assert told["tp_cached_documents", me, ""] == 1
    assert told["process_resident_memory_bytes", me, ""] > 0


@pytest.mark.parametrize(
    ("settings", "authorization", "status"),
    [
        ({}, None, 200),
        ({"mode": "production"}, None, 404),
        ({"mode": "production", "metrics_token": SECRET}, None, 401),
        ({"mode": "production", "metrics_token": SECRET}, "Bearer another", 401),
        ({"mode": "production", "metrics_token": SECRET}, f"Bearer {SECRET}", 200),
        ({"metrics_token": SECRET}, None, 401),
    ],
)
async def test_figures_are_for_those_who_may_have_them(
    make_door: Callable[..., Any], tmp_path: Path, settings: dict[str, Any], authorization: str | None, status: int
) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}
    answer = await make_door(data_dir=tmp_path, **settings).client.get("/metrics", headers=headers)

    assert answer.status_code == status
    assert ("process_cpu" in answer.text) is (status == 200)


async def test_a_worker_tells_of_the_others_until_they_end(tmp_path: Path) -> None:
    one, other = Metrics(tmp_path, worker=1), Metrics(tmp_path, worker=2)
    for metrics, count in ((one, 5), (other, 7)):
        metrics.counter("saves", "Of batches.", lambda count=count: count, kind="new")
        await metrics.leave()
    both = samples(one.exposition().decode())
    await other.close()
    alone = samples(one.exposition().decode())

    assert (both["saves_total", "1", "new"], both["saves_total", "2", "new"]) == (5, 7)
    assert ("saves_total", "2", "new") not in alone


async def test_what_a_killed_worker_left_is_not_told_for_long(tmp_path: Path) -> None:
    one, killed = Metrics(tmp_path, worker=1), Metrics(tmp_path, worker=2)
    await killed.leave()
    left = aged(tmp_path)
    told = one.exposition().decode()

    assert 'worker="2"' not in told
    assert not left.exists()
