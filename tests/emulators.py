"""Google's two emulators of Datastore, each started once for a whole test run and stopped at its end.

Fixtures: `datastore_emulator_host` and `firestore_emulator_host` (`host:port`), started by the first test that
asks. Workers of a parallel run share them: each holds a shared lock on a file while it uses an emulator; the
worker that started it waits for all others to let go and then stops it, and should that worker have died, the
last one does. The kernel releases the locks of the dead, so nothing is left running.

Without `gcloud` or Java the tests that need an emulator are skipped; with CI=true in the environment they fail.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

PROJECT = "test-platform"

_READY_SECONDS = 120.0
_STOPPED_SECONDS = 15.0
_POLL_SECONDS = 0.1
_STARTS = 3

_COMMANDS = {
    # In its older mode this emulator refuses to write more than 25 keys together, which production does not.
    "datastore": ("datastore", "start", "--no-store-on-disk", "--use-firestore-in-datastore-mode"),
    "firestore": ("firestore", "start", "--database-mode=datastore-mode"),
}


@pytest.fixture(scope="session")
def datastore_emulator_host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`host:port` of the Datastore emulator, strongly consistent and without a disk."""
    with _emulator("datastore", tmp_path_factory) as host:
        yield host


@pytest.fixture(scope="session")
def firestore_emulator_host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`host:port` of the Firestore emulator in Datastore mode."""
    with _emulator("firestore", tmp_path_factory) as host:
        yield host


@contextmanager
def _emulator(name: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    _require_tools()
    directory = _directory_of_the_run(tmp_path_factory)
    with (directory / f"{name}.users").open("a") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        state, started = _running_or_started(name, directory)
        try:
            yield str(json.loads(state.read_text())["host"])
        finally:
            try:
                fcntl.flock(users, fcntl.LOCK_EX if started else fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass  # Another worker uses it and will stop it.
            else:
                _stop(state, started)


def _require_tools() -> None:
    missing = [tool for tool in ("gcloud", "java") if shutil.which(tool) is None]
    if missing:
        reason = f"the emulators need {' and '.join(missing)} on the PATH"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)


def _directory_of_the_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.getbasetemp()
    directory = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "emulators"
    directory.mkdir(exist_ok=True)
    return directory


def _running_or_started(name: str, directory: Path) -> tuple[Path, subprocess.Popen[bytes] | None]:
    state = directory / f"{name}.json"
    with (directory / f"{name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if state.exists():
            return state, None
        for _ in range(_STARTS):
            process, host = _start(name, directory)
            if _answers(process, host):
                state.write_text(json.dumps({"host": host, "group": process.pid}))
                return state, process
            _kill(process.pid, signal.SIGKILL)
            process.wait()
    log = (directory / f"{name}.log").read_text(errors="replace")
    pytest.fail(f"the {name} emulator did not start:\n{log[-4000:]}")


def _start(name: str, directory: Path) -> tuple[subprocess.Popen[bytes], str]:
    host = f"127.0.0.1:{_free_port()}"
    command = ["gcloud", "--quiet", "beta", "emulators", *_COMMANDS[name], f"--host-port={host}"]
    if name == "datastore":
        command += [f"--project={PROJECT}", f"--data-dir={directory / 'datastore'}"]
    with (directory / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            env=os.environ | {"CLOUDSDK_CONFIG": str(directory / f"{name}-gcloud")},
        )
    return process, host


def _answers(process: subprocess.Popen[bytes], host: str) -> bool:
    deadline = time.monotonic() + _READY_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://{host}/", timeout=5) as response:
                return bool(response.status == 200)
        except (urllib.error.URLError, OSError):
            pass
        try:
            process.wait(_POLL_SECONDS)
        except subprocess.TimeoutExpired:
            continue
        return False
    return False


def _stop(state: Path, started: subprocess.Popen[bytes] | None) -> None:
    # While the starter waits for the others it holds no lock: the last of them may have stopped it already.
    if state.exists():
        facts = json.loads(state.read_text())
        state.unlink()
        # The gcloud command is a wrapper: the emulator itself is a grandchild in the same process group.
        _kill(facts["group"], signal.SIGTERM)
        deadline = time.monotonic() + _STOPPED_SECONDS
        while _listens(facts["host"]) and time.monotonic() < deadline:
            time.sleep(_POLL_SECONDS)
        _kill(facts["group"], signal.SIGKILL)
    if started:
        started.wait()


def _kill(group: int, how: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(group, how)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _listens(host: str) -> bool:
    address, port = host.split(":")
    with socket.socket() as client:
        return client.connect_ex((address, int(port))) == 0
