"""A real `tp serve` with one worker on a free port: started, awaited, stopped by its id."""

from __future__ import annotations

import base64
import json
import os
import secrets
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL, PIPE

from bench.emulator import PROJECT, free_port

TENANT, ADMIN = "bench", "admin"
TP = (sys.executable, "-c", "from api.cli import main; main()")
_READY_SECONDS = 60.0
_STOP_SECONDS = 30.0
_POLL_SECONDS = 0.05


class NotServing(Exception):
    """The server does not do what it is asked; the message tells the end of what it printed."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server with one tenant, whose administrator is `ADMIN`."""

    address: str
    process: int
    admin_password: str


@contextmanager
def serving(directory: Path, emulator_host: str | None) -> Iterator[Server]:
    """Serve from SQLite files in `directory`, or from a Datastore emulator. Raises NotServing."""
    port, password = free_port(), secrets.token_hex(8)
    environment = _environment(directory, emulator_host)
    _create_tenant(environment, password)
    address, log = f"http://127.0.0.1:{port}", directory / "server.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*TP, "serve", "--port", str(port)], stdin=DEVNULL, stdout=out, stderr=out, env=environment
        )
    try:
        _until_ready(process, address, log)
        yield Server(address, process.pid, password)
    finally:
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _environment(directory: Path, emulator_host: str | None) -> dict[str, str]:
    """Return the environment of a production server; what this process has set for one is left out."""
    key = {"kid": "bench", "secret": base64.b64encode(secrets.token_bytes(32)).decode()}
    ours = {
        "TP_MODE": "production",
        "TP_SIGNING_KEYS": json.dumps({"keys": [key]}),
        "TP_DATA_DIR": str(directory),
        "TP_WORKERS": "1",
    }
    if emulator_host is not None:
        ours |= {"TP_STORE": f"datastore:{PROJECT}", "DATASTORE_EMULATOR_HOST": emulator_host}
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("TP_", "DATASTORE_"))}
    return inherited | ours


def _create_tenant(environment: dict[str, str], password: str) -> None:
    command = [*TP, "tenants", "create", TENANT, "--name", "Bench", "--admin", ADMIN, "--password-stdin"]
    done = subprocess.run(
        command, input=password.encode(), stdout=PIPE, stderr=subprocess.STDOUT, env=environment, check=False
    )
    if done.returncode != 0:
        raise NotServing(f"the tenant was not created:\n{done.stdout.decode(errors='replace')[-2000:]}")


def _until_ready(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            pass
        try:
            process.wait(_POLL_SECONDS)
        except subprocess.TimeoutExpired:
            continue
        break
    raise NotServing(f"the server does not serve:\n{log.read_text(errors='replace')[-2000:]}")
