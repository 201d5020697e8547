"""The public audits of GraphQL over HTTP, over a socket, against the server as `tp serve` runs it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from npm import installed

AUDITS = Path(__file__).parent / "audits"
START_SECONDS = 20


@pytest.fixture(scope="module")
def audit_folder(pytestconfig: pytest.Config) -> Path:
    """Return a folder with the audits installed."""
    return installed(pytestconfig, AUDITS)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Run `tp serve` and return its address; it must have ended cleanly, or by the test, afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "TP_DATA_DIR": str(tmp_path), "TP_LOG_FORMAT": "json"}
    log = tmp_path / "server.log"
    with log.open("w") as file:  # a pipe that nobody reads would stop the server when it is full
        process = subprocess.Popen(
            [sys.executable, "-c", "from api.cli import main; main()", "serve", "--port", str(port)],
            env=environment,
            stderr=file,
            text=True,
        )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_until_ready(url, process, log)
        yield url, process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def test_every_audit_passes(audit_folder: Path, server: tuple[str, subprocess.Popen[str]]) -> None:
    done = subprocess.run(
        ["node", "run.mjs", f"{server[0]}/graphql"], cwd=audit_folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    results = [json.loads(line) for line in done.stdout.splitlines()]

    assert len(results) > 50
    assert [f"{r['id']} {r['name']}: {r['reason']}" for r in results if r["status"] != "ok"] == []


def test_server_logs_in_json_and_ends_cleanly_when_asked(
    server: tuple[str, subprocess.Popen[str]], tmp_path: Path
) -> None:
    url, process = server
    headers = {"X-Request-Id": "audit-request-1", "Authorization": "Bearer secret-token"}
    httpx.post(f"{url}/graphql", json={"query": "{ serverTime }"}, headers=headers)
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=START_SECONDS)
    logged = (tmp_path / "server.log").read_text()

    lines = [json.loads(line) for line in logged.splitlines()]
    assert process.returncode in (0, -signal.SIGTERM)
    assert "secret-token" not in logged
    [access] = [line for line in lines if line.get("request_id") == "audit-request-1"]
    assert (access["event"], access["status"], access["path"]) == ("request", 401, "/graphql")
    assert any(line["event"] == "stopping" for line in lines)
    assert any("Uvicorn running" in line["event"] for line in lines)


def _wait_until_ready(url: str, process: subprocess.Popen[str], log: Path) -> None:
    for _ in range(START_SECONDS * 20):
        if process.poll() is not None:
            pytest.fail(f"the server ended: {log.read_text()}")
        try:
            if httpx.get(f"{url}/readyz").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    pytest.fail("the server did not become ready")
