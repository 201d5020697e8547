"""CPU time of a process and of all that it started, by `/proc`."""

from __future__ import annotations

import os
from pathlib import Path

PROC = Path("/proc")


def cpu_seconds(root: int) -> float | None:
    """Return user and system time of the living processes of a tree; `None` where there is no `/proc`."""
    if not (PROC / str(root) / "stat").exists():
        return None
    times: dict[int, float] = {}
    children: dict[int, list[int]] = {}
    for stat in PROC.glob("[0-9]*/stat"):
        try:
            # The command stands in brackets and may hold anything: the fields are counted from behind it.
            fields = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue  # It has just ended.
        process = int(stat.parent.name)
        times[process] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        children.setdefault(int(fields[1]), []).append(process)
    total, waiting = 0.0, [root]
    while waiting:
        process = waiting.pop()
        total += times.get(process, 0.0)
        waiting += children.get(process, [])
    return total
