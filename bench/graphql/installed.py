"""What is measured against, installed by lock files of its own into a folder that only the bench knows."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
FOLDER = ROOT / ".bench"
PYTHON_LOCK = ROOT / "requirements-bench.lock"
NODE_FILES = ("package.json", "package-lock.json", "contestants.mjs")


class NotInstalled(Exception):
    """An installer failed, as it does without a network; the message is the end of what it said."""


def python_packages() -> Path:
    """Return a folder with strawberry and ariadne, to be put on the path. Raises NotInstalled."""
    folder = _folder("python", PYTHON_LOCK)
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    _once(folder, [*install, "--require-hashes", "--target", str(folder), "--requirement", str(PYTHON_LOCK)])
    return folder


def node_program() -> tuple[Path, list[str]] | None:
    """Return a folder with graphql-js and graphql-jit, and the command to run there; `None` without Node.js.

    Raises NotInstalled.
    """
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    folder = _folder("node", HERE / "package-lock.json")
    for name in NODE_FILES:
        shutil.copy(HERE / name, folder / name)
    _once(folder, [npm, "ci", "--no-audit", "--no-fund"])
    return folder, [node, "contestants.mjs"]


def _folder(kind: str, lock: Path) -> Path:
    folder = FOLDER / f"{kind}-{hashlib.sha256(lock.read_bytes()).hexdigest()[:12]}"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _once(folder: Path, command: Sequence[str]) -> None:
    if (folder / "installed").exists():
        return
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise NotInstalled(f"{command[0]} could not install what is measured against: {done.stderr[-2000:]}")
    (folder / "installed").touch()
