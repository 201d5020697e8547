"""CPU time of a process and of all that it started, and what they hold in memory, by `/proc`."""

from __future__ import annotations

import os
from pathlib import Path

PROC = Path("/proc")
MEBI = 2**20


def cpu_seconds(root: int) -> float | None:
    """Return user and system time of the living processes of a tree; `None` where there is no `/proc`."""
    if not (PROC / str(root) / "stat").exists():
        return None
    return sum(_tree(root).values())


def held_mebibytes(root: int) -> dict[int, float]:
    """Return what each living process of a tree holds in memory."""
    held = {process: resident_mebibytes(process) for process in _tree(root)}
    return {process: size for process, size in held.items() if size is not None}


def leaves(root: int) -> list[int]:
    """Return the processes of a tree that have started no other: of a worker, those that do its tasks."""
    parents = _parents()
    return sorted(set(_tree(root)) - set(parents.values()))


def resident_mebibytes(process: int) -> float | None:
    """Return what a process holds in memory; `None` when it cannot be told."""
    try:
        pages = int((PROC / str(process) / "statm").read_text().split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return None
    return pages * os.sysconf("SC_PAGE_SIZE") / MEBI


def _tree(root: int) -> dict[int, float]:
    """Return the CPU seconds of the living processes of a tree."""
    children: dict[int, list[int]] = {}
    for process, parent in _parents().items():
        children.setdefault(parent, []).append(process)
    times, waiting = {}, [root]
    while waiting:
        process = waiting.pop()
        fields = _stat(process)
        if fields is not None:
            times[process] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        waiting += children.get(process, [])
    return times


def _parents() -> dict[int, int]:
    found = ((int(stat.parent.name), _stat(int(stat.parent.name))) for stat in PROC.glob("[0-9]*/stat"))
    return {process: int(fields[1]) for process, fields in found if fields is not None}


def _stat(process: int) -> list[str] | None:
    """Return the fields behind the command; `None` when the process has just ended."""
    try:
        # The command stands in brackets and may hold anything: the fields are counted from behind it.
        return (PROC / str(process) / "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
