"""A program as a process: started, awaited, stopped with all that it started."""

from __future__ import annotations

import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from subprocess import DEVNULL

READY_SECONDS = 60.0
POLL_SECONDS = 0.05
_STOP_SECONDS = 30.0


class NotServing(Exception):
    """A program does not do what it is asked; the message tells the end of what it printed."""


@contextmanager
def running(
    command: Sequence[str], environment: Mapping[str, str], log: Path, ready: Callable[[], bool]
) -> Iterator[int]:
    """Run a program, which prints into `log`, from when it is ready on; give its process id. Raises NotServing."""
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, stdin=DEVNULL, stdout=out, stderr=out, env=environment, start_new_session=True
        )
    try:
        _until(ready, process, log)
        yield process.pid
    finally:
        _stop(process)


def answers(address: str) -> bool:
    """Tell whether HTTP is answered with success."""
    try:
        with urllib.request.urlopen(address, timeout=5):
            return True
    except (urllib.error.URLError, OSError):
        return False


def inherited(*prefixes: str) -> dict[str, str]:
    """Return the environment of this process without the variables of these prefixes."""
    return {name: value for name, value in os.environ.items() if not name.startswith(prefixes)}


def _until(ready: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if ready():
            return
        try:
            process.wait(POLL_SECONDS)
        except subprocess.TimeoutExpired:
            continue
        break
    raise NotServing(f"{log.stem} does not serve:\n{log.read_text(errors='replace')[-2000:]}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(_STOP_SECONDS)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)  # its group is its own: whatever did not end with it
    process.wait()
