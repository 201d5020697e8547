"""What the README opens with: everything started by one command, a cohort sent over HTTP, one Ctrl-C."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from waiting import block_until

from api.cli.stack import free_port

TP = (sys.executable, "-m", "api.cli")
SECONDS = 90
WELCOME = "Ctrl-C"
OURS = ("TP_", "TASKQUEUE_", "ANALYSIS_")
"""How the variables begin that the programs read."""


class Up:
    """`tp up`, which writes to a file: a pipe that nobody reads would stop it when it is full."""

    def __init__(self, folder: Path, number: int) -> None:
        self._log = folder / f"up-{number}.log"
        self.data_dir = folder / "data"
        others = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        ours = {"TP_DATA_DIR": str(self.data_dir), "TP_PORT": str(free_port()), "COLUMNS": "100"}
        self._environment = {**others, **ours}
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                (*TP, "up"), stdout=log, stderr=log, env=self._environment, start_new_session=True
            )

    @property
    def told(self) -> str:
        return self._log.read_text()

    def welcome(self) -> str:
        """Return what it has printed once it is up."""

        def is_up() -> bool:
            assert self._process.poll() is None, self.told
            return WELCOME in self.told

        block_until(is_up, "everything is up")
        return self.told

    def tp(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run another command with the same settings."""
        command = (*TP, *arguments)
        return subprocess.run(command, capture_output=True, text=True, env=self._environment, timeout=SECONDS)

    def stop(self, how: signal.Signals = signal.SIGINT) -> int:
        """Send what Ctrl-C sends, unless it has ended; return the status."""
        if self._process.poll() is None:
            self._process.send_signal(how)
        return self._process.wait(SECONDS)

    def left_running(self) -> list[str]:
        """Return the processes that still run on the data folder."""
        return [path.parent.name for path in Path("/proc").glob("[0-9]*/environ") if _holds(path, self.data_dir)]


def _holds(environ: Path, folder: Path) -> bool:
    try:
        return f"_DATA_DIR={folder}\0".encode() in environ.read_bytes()
    except OSError:
        return False


@pytest.fixture
def up(tmp_path: Path) -> Iterator[Callable[[], Up]]:
    started: list[Up] = []

    def start() -> Up:
        started.append(Up(tmp_path, len(started)))
        return started[-1]

    yield start
    for one in started:
        one.stop()


def test_everything_starts_a_cohort_sits_and_one_ctrl_c_stops_it_all(up: Callable[[], Up]) -> None:
    first = up()
    logins = _logins(first.welcome())
    demo = first.tp("demo", "--students", "12", "--vanishing", "0.3")
    mistakes = (first.tp("up"), first.tp("demo", "--url", f"http://127.0.0.1:{free_port()}"))
    running = first.left_running()
    status = first.stop()

    assert demo.returncode == 0, demo.stdout + demo.stderr
    assert "The whole report" in demo.stdout
    assert "900 marks checked against known answers: all are right" in demo.stdout
    assert "What was planted, and whether the report found it" in demo.stdout
    assert re.search(r"5 pairs copied +found ", demo.stdout), demo.stdout
    assert "12 students are too few to tell all of it from chance" in demo.stdout
    assert re.search(r"The key of question \d+ is corrected: [1-9]\d* totals rise", demo.stdout)
    assert "900 marks checked against the corrected key: all are right" in demo.stdout
    for failed, reason in zip(mistakes, ("cannot be listened on", "no server answers"), strict=True):
        assert (failed.returncode, failed.stderr.count("\n"), reason in failed.stderr) == (1, 1, True), (
            failed.stderr
        )
    assert (status, "Traceback" in first.told) == (0, False), first.told
    assert "Stopped." in first.told
    assert (len(running) >= 5, first.left_running()) == (True, [])
    assert len(logins) == 4
    assert _logins(up().welcome()) == logins


def _logins(told: str) -> list[str]:
    """Return the passwords and the test's id in the welcome."""
    return re.findall(r"(?<=password )\w+|tst_\w+", told)
