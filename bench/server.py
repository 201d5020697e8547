"""A real `tp serve` with one worker on a free port: started, awaited, stopped by its id."""

from __future__ import annotations

import base64
import json
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE

from bench.emulator import PROJECT, free_port
from bench.program import NotServing, answers, inherited, running

TENANT, ADMIN = "bench", "admin"
TP = (sys.executable, "-c", "from api.cli import main; main()")


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
    address = f"http://127.0.0.1:{port}"
    command = [*TP, "serve", "--port", str(port)]
    with running(command, environment, directory / "server.log", lambda: answers(f"{address}/readyz")) as process:
        yield Server(address, process, password)


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
    return inherited("TP_", "DATASTORE_") | ours


def _create_tenant(environment: dict[str, str], password: str) -> None:
    command = [*TP, "tenants", "create", TENANT, "--name", "Bench", "--admin", ADMIN, "--password-stdin"]
    done = subprocess.run(
        command, input=password.encode(), stdout=PIPE, stderr=subprocess.STDOUT, env=environment, check=False
    )
    if done.returncode != 0:
        raise NotServing(f"the tenant was not created:\n{done.stdout.decode(errors='replace')[-2000:]}")
