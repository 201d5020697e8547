"""Test dependencies from npm: installed from a lock into pytest's cache, once for all runs and workers."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest


def missing(reason: str) -> None:
    """Skip a test for the want of a tool; where everything must run, fail it."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def installed(config: pytest.Config, source: Path) -> Path:
    """Return a copy of a folder with its packages installed, kept for as long as its lock file is the same."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        missing("node and npm are not installed")
    assert npm is not None
    lock = (source / "package-lock.json").read_bytes()
    folder = config.cache.mkdir(f"npm-{source.name}-{hashlib.sha256(lock).hexdigest()[:12]}")  # type: ignore[union-attr]
    with (folder / "lock").open("a") as alone:
        fcntl.flock(alone, fcntl.LOCK_EX)
        shutil.copytree(source, folder, dirs_exist_ok=True)
        if not (folder / "installed").exists():
            done = subprocess.run(
                [npm, "ci", "--no-audit", "--no-fund"], cwd=folder, capture_output=True, text=True, check=False
            )
            if done.returncode != 0:
                missing(f"npm could not install what {source.name} needs: {done.stderr.strip()[-300:]}")
            (folder / "installed").touch()
    return folder
