"""A real `tp serve` on a free port: started, awaited, stopped by its id."""

from __future__ import annotations

import base64
import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from subprocess import PIPE

from api.asgi import utc_now
from api.rest.access import AUDIENCE, Scope
from bench.emulator import PROJECT, free_port
from bench.program import NotServing, answers, inherited, running
from trust.keys import read_key_ring
from trust.service_tokens import ServiceTokens

TENANT, ADMIN = "bench", "admin"
TP = (sys.executable, "-c", "from api.cli import main; main()")


@dataclass(frozen=True, slots=True)
class Server:
    """A server with one tenant, whose administrator is `ADMIN`."""

    address: str
    process: int
    admin_password: str
    keys: str

    def service_token(self) -> str:
        """Return a token for an hour by which a service reads everything of the tenant."""
        tokens = ServiceTokens(read_key_ring(self.keys), AUDIENCE, os.urandom)
        return tokens.issue("bench", list(Scope), [TENANT], now=utc_now(), lifetime=timedelta(hours=1))


@contextmanager
def serving(directory: Path, emulator_host: str | None, workers: int = 1) -> Iterator[Server]:
    """Serve from SQLite files in `directory`, or from a Datastore emulator. Raises NotServing."""
    port, password = free_port(), secrets.token_hex(8)
    key = {"kid": "bench", "secret": base64.b64encode(secrets.token_bytes(32)).decode()}
    keys = json.dumps({"keys": [key]})
    environment = _environment(directory, emulator_host, keys, workers)
    _create_tenant(environment, password)
    address = f"http://127.0.0.1:{port}"
    command = [*TP, "serve", "--port", str(port)]
    with running(command, environment, directory / "server.log", lambda: answers(f"{address}/readyz")) as process:
        yield Server(address, process, password, keys)


def _environment(directory: Path, emulator_host: str | None, keys: str, workers: int) -> dict[str, str]:
    """Return the environment of a production server; what this process has set for one is left out."""
    ours = {
        "TP_MODE": "production",
        "TP_SIGNING_KEYS": keys,
        "TP_SERVICE_KEYS": keys,
        "TP_DATA_DIR": str(directory),
        "TP_WORKERS": str(workers),
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
