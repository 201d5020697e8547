"""Google's emulators of Datastore as processes: started on a free port, awaited, stopped with all they started."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

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


class NotStarted(Exception):
    """The emulator does not answer; the message ends with the end of its log."""


@dataclass(frozen=True, slots=True)
class Emulator:
    """`host` is `host:port`, `group` the process group. `process` is there for whoever started it."""

    host: str
    group: int
    process: subprocess.Popen[bytes] | None = None


def missing_tools() -> list[str]:
    """Return which of the programs that the emulators need are not on the PATH."""
    return [tool for tool in ("gcloud", "java") if shutil.which(tool) is None]


def start(name: str, directory: Path) -> Emulator:
    """Start `datastore` or `firestore` without a disk, its log and settings in `directory`. Raises NotStarted."""
    for _ in range(_STARTS):
        host = f"127.0.0.1:{free_port()}"
        process = _launch(name, directory, host)
        if _answers(process, host):
            return Emulator(host, process.pid, process)
        _kill(process.pid, signal.SIGKILL)
        process.wait()
    log = (directory / f"{name}.log").read_text(errors="replace")
    raise NotStarted(f"the {name} emulator did not start:\n{log[-4000:]}")


def stop(emulator: Emulator) -> None:
    """Stop an emulator, whoever started it, and return when it no longer listens."""
    # The gcloud command is a wrapper: the emulator itself is a grandchild in the same process group.
    _kill(emulator.group, signal.SIGTERM)
    deadline = time.monotonic() + _STOPPED_SECONDS
    while _listens(emulator.host) and time.monotonic() < deadline:
        time.sleep(_POLL_SECONDS)
    _kill(emulator.group, signal.SIGKILL)
    if emulator.process:
        emulator.process.wait()


def free_port() -> int:
    """Return a loopback port on which nothing listens now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _launch(name: str, directory: Path, host: str) -> subprocess.Popen[bytes]:
    command = ["gcloud", "--quiet", "beta", "emulators", *_COMMANDS[name], f"--host-port={host}"]
    if name == "datastore":
        command += [f"--project={PROJECT}", f"--data-dir={directory / 'datastore'}"]
    with (directory / f"{name}.log").open("ab") as log:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            env=os.environ | {"CLOUDSDK_CONFIG": str(directory / f"{name}-gcloud")},
        )


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


def _kill(group: int, how: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(group, how)


def _listens(host: str) -> bool:
    address, port = host.split(":")
    with socket.socket() as client:
        return client.connect_ex((address, int(port))) == 0
