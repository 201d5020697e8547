"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

_SYNCS = 25


def facts(directory: Path) -> list[tuple[str, str]]:
    """Return names and values; `directory` is where the data will be."""
    return [
        ("date", f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"),
        ("machine", f"{platform.system()} {platform.machine()}, {_cores()} cores, {_load()}"),
        ("Python", platform.python_version()),
        (
            "disk",
            f"{_sync_seconds(directory) * 1000:.2f} ms to make 4 KiB durable in {tempfile.gettempdir()}",
        ),
    ]


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _load() -> str:
    if not hasattr(os, "getloadavg"):
        return "load not known"
    return f"load of {os.getloadavg()[0]:.1f} at the beginning"


def _sync_seconds(directory: Path) -> float:
    """Return how long a small append takes to reach the disk; 0 or so means that nothing here does."""
    taken = []
    with (directory / "sync").open("wb", buffering=0) as file:
        for _ in range(_SYNCS):
            began = time.perf_counter()
            file.write(b"\0" * 4096)
            os.fsync(file.fileno())
            taken.append(time.perf_counter() - began)
    return median(taken)
