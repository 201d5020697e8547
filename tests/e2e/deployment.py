"""A real `tp serve`: a group of processes of its own on a loopback port, over a data folder that outlives it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from waiting import PATIENCE_SECONDS, block_until, until

TP = Path(sys.executable).with_name("tp")
Deploy = Callable[..., "Deployment"]
"""Makes a deployment, which the test starts: the number of workers, and settings by keyword."""

LISTENING = re.compile(r"Uvicorn running on (http://\S+)")


@dataclass
class Deployment:
    """`settings` are environment variables without their `TP_`; every start writes a log of its own."""

    folder: Path
    workers: int = 1
    settings: dict[str, str] = field(default_factory=dict)
    url: str = ""
    starts: int = 0
    process: subprocess.Popen[bytes] | None = None

    @property
    def data_dir(self) -> Path:
        return self.folder / "data"

    def start(self, *clients: httpx.AsyncClient) -> None:
        """Serve on a free port; return when every worker is up and `/readyz` says so, and tell clients where."""
        self.starts += 1
        with self._log.open("wb") as log:  # a pipe that nobody reads would stop the server when it is full
            self.process = subprocess.Popen(
                [TP, "serve", "--port", "0", "--workers", str(self.workers)],
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        block_until(self._is_up, "every worker is up")
        block_until(self._is_ready, "it is ready")
        for client in clients:
            client.base_url = httpx.URL(self.url)

    def kill(self) -> None:
        """End every process at once, as a power cut does; nothing is done when none is running."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                self.send_to_all(signal.SIGKILL)
            self.wait()

    def send(self, how: signal.Signals) -> None:
        """Send a signal to the server, as a supervisor does."""
        assert self.process is not None
        self.process.send_signal(how)

    def send_to_all(self, how: signal.Signals) -> None:
        """Send a signal to all its processes, as a terminal does."""
        assert self.process is not None
        os.killpg(self.process.pid, how)

    def wait(self) -> int:
        """Wait until nothing of it runs any more; return its exit status."""
        assert self.process is not None
        status, group = self.process.wait(PATIENCE_SECONDS), self.process.pid
        block_until(lambda: not _runs(group), "nothing is left running")
        self.process = None
        return status

    def tp(self, *arguments: str, stdin: str = "") -> str:
        """Run a command beside the server; return what it prints."""
        done = subprocess.run(
            [TP, *arguments], env=self._environment(), input=stdin, capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    def logged(self) -> list[dict[str, Any]]:
        """Return the entries of the newest start's log; each line is one, or something has printed a traceback."""
        return [json.loads(line) for line in self._log.read_text().splitlines()]

    def defects(self) -> list[dict[str, Any]]:
        """Return those entries that somebody would have to look at."""
        return [
            entry for entry in self.logged() if entry["level"] not in ("debug", "info") or "exception" in entry
        ]

    async def until_logged(self, event: str, times: int = 1) -> None:
        """Return when the newest start has logged an event so many times."""

        async def logged() -> bool | None:
            return self._log.read_text().count(f'"event":"{event}"') >= times or None

        await until(logged)

    @property
    def _log(self) -> Path:
        return self.folder / f"server-{self.starts}.log"

    def _environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("TP_")}
        # No server turns anybody away for being slow: the machine may have much else to do.
        given = {"DATA_DIR": str(self.data_dir), "LOG_FORMAT": "json", "LONGEST_WAIT": "60", **self.settings}
        return {**inherited, **{f"TP_{name}": value for name, value in given.items()}}

    def _is_up(self) -> bool:
        told = self._log.read_text()
        assert self.process is not None
        assert self.process.poll() is None, told
        listens = LISTENING.search(told)
        self.url = listens[1] if listens else ""
        return listens is not None and told.count("Application startup complete") == self.workers

    def _is_ready(self) -> bool:
        with suppress(httpx.TransportError):
            return httpx.get(f"{self.url}/readyz").status_code == 200
        return False


def _runs(group: int) -> bool:
    """Tell whether a process of the group runs; one that has ended and that nobody has asked for does not."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    if not Path("/proc/self/stat").exists():
        return True
    return any(_state(path) == (str(group), True) for path in Path("/proc").glob("[0-9]*/stat"))


def _state(path: Path) -> tuple[str, bool]:
    """Return a process's group, and whether it runs."""
    try:
        state, _, group, *_ = path.read_text().rpartition(")")[2].split()
    except OSError:  # it has ended since it was listed
        return "", False
    return group, state not in "ZX"
