"""Processes that share a file take turns at writing: whoever waits comes before whoever has just written."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from store.errors import Unavailable
from store.sqlite.turn import Turn

HOLD = """
import sys
from pathlib import Path
from store.sqlite.turn import Turn
assert Turn(Path(sys.argv[1]), 1).take()
print("taken", flush=True)
sys.stdin.read()
"""


def waiting(turn: Turn, file: Path) -> threading.Thread:
    """Wait for the turn in a thread; return it when it stands in line."""
    thread = threading.Thread(target=turn.wait)
    thread.start()
    with file.with_suffix(".next").open("rb") as line:
        while thread.is_alive():
            try:
                fcntl.flock(line, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return thread
            fcntl.flock(line, fcntl.LOCK_UN)
    raise AssertionError("it did not wait")


def test_whoever_waits_is_next(tmp_path: Path) -> None:
    one, other = Turn(tmp_path / "a.sqlite3", 10), Turn(tmp_path / "a.sqlite3", 10)
    assert one.take()
    assert not other.take()
    thread = waiting(other, tmp_path / "a.sqlite3")

    one.leave()
    assert not one.take()
    thread.join()
    other.leave()
    assert one.take()


def test_waiting_is_given_up(tmp_path: Path) -> None:
    one, other = Turn(tmp_path / "a.sqlite3", 10), Turn(tmp_path / "a.sqlite3", 0.01)
    assert one.take()
    assert not other.take()
    with pytest.raises(Unavailable, match="another process"):
        other.wait()
    one.leave()
    assert other.take()


def test_two_files_have_turns_of_their_own(tmp_path: Path) -> None:
    assert Turn(tmp_path / "a.sqlite3", 1).take()
    assert Turn(tmp_path / "b.sqlite3", 1).take()


def test_a_process_that_is_killed_leaves_its_turn(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path / "a.sqlite3")]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": os.getcwd()}
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"taken\n"
        turn = Turn(tmp_path / "a.sqlite3", 10)
        assert not turn.take()
        process.kill()
        turn.wait()
