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
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bench.emulator import PROJECT, Emulator, NotStarted, missing_tools, start, stop

__all__ = ["PROJECT", "datastore_emulator_host", "firestore_emulator_host"]


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
        state = directory / f"{name}.json"
        emulator = _running_or_started(name, directory, state)
        started = emulator.process is not None
        try:
            yield emulator.host
        finally:
            try:
                fcntl.flock(users, fcntl.LOCK_EX if started else fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass  # Another worker uses it and will stop it.
            else:
                _stop(emulator, state)


def _require_tools() -> None:
    missing = missing_tools()
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


def _running_or_started(name: str, directory: Path, state: Path) -> Emulator:
    with (directory / f"{name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if state.exists():
            return Emulator(**json.loads(state.read_text()))
        try:
            emulator = start(name, directory)
        except NotStarted as error:
            pytest.fail(str(error))
        state.write_text(json.dumps({"host": emulator.host, "group": emulator.group}))
        return emulator


def _stop(emulator: Emulator, state: Path) -> None:
    # While the starter waits for the others it holds no lock: the last of them may have stopped it already.
    if state.exists():
        state.unlink()
        stop(emulator)
    elif emulator.process:
        emulator.process.wait()
