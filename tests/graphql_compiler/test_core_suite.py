"""graphql-core's own tests of execution pass when the drop-ins stand in for what they test.

They are taken from graphql-core's source distribution, of the version and with the hash in the lock, once for each
version. Without a package index they are skipped; with CI=true in the environment that is a failure.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import subprocess
import sys
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

ROOT = Path(__file__).parents[2]
PLUGIN = Path(__file__).parent / "core_suite"
LOCKED = re.compile(r"^graphql-core==(\S+) .*?(?=^\S)", re.MULTILINE | re.DOTALL)
"""The requirement of graphql-core with its hashes, as the lock states it."""

WHAT_EXECUTES = (
    "tests/execution",
    "tests/test_hide_suggestions.py",
    "tests/test_star_wars_introspection.py",
    "tests/test_star_wars_query.py",
    "tests/test_user_registry.py",
    "tests/type/test_custom_scalars.py",
    "tests/type/test_enum.py",
    "tests/type/test_introspection.py",
    "tests/utilities/test_build_ast_schema.py",
    "tests/utilities/test_build_client_schema.py",
    "tests/utilities/test_extend_schema.py",
)


@pytest.fixture
def core_suite(pytestconfig: pytest.Config) -> Path:
    """Return graphql-core's source distribution, unpacked."""
    locked = LOCKED.search((ROOT / "requirements-dev.lock").read_text())
    assert locked is not None
    cache = pytestconfig.cache
    assert cache is not None
    kept = cache.mkdir("graphql-core-suite")
    folder = kept / f"graphql_core-{locked[1]}"
    with (kept / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            with TemporaryDirectory(dir=kept) as name:
                _download(locked[0], Path(name))
                with tarfile.open(Path(name) / f"{folder.name}.tar.gz") as archive:
                    archive.extractall(name, filter="data")
                (Path(name) / folder.name).rename(folder)
    return folder


def test_the_suite_of_graphql_core_passes_compiled(core_suite: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(PLUGIN), str(ROOT)]),
        "PYTEST_ADDOPTS": "",
        "CORE_SUITE_REPORT": str(report),
    }
    command = [sys.executable, "-m", "pytest", "-q", "-p", "core_suite_plugin", "-p", "no:xdist"]
    done = subprocess.run(
        [*command, "-p", "no:cacheprovider", "-o", "addopts=", "-o", "timeout=", *WHAT_EXECUTES],
        cwd=core_suite,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert report.exists(), done.stdout + done.stderr
    ran = json.loads(report.read_text())

    assert ran["failed"] == [], done.stdout[-20_000:]
    assert ran["passed"] > 500
    assert ran["executed"] > 400
    # Of the rest, some are of middleware and contexts of a test's own, which nobody compiles.
    assert sum(ran["handed_over"].values()) < ran["executed"] / 15


def _download(requirement: str, directory: Path) -> None:
    wanted = directory / "requirements.txt"
    wanted.write_text(requirement)
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:"]
    done = subprocess.run(
        [*command, "--require-hashes", "--dest", str(directory), "--requirement", str(wanted)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        reason = f"pip could not download graphql-core's sources: {done.stderr.strip()[-300:]}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
