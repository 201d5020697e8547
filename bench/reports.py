"""How long the reports take, how much memory, and how both grow with the cohort."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from analysis.reports.integrity import MOST_STUDENTS
from bench.making_reports import CPU, FIGURES, LOGS, MAKE, MEASURE, PEAK, REPORTS, SECONDS
from bench.program import NotServing
from bench.table import new_table, print_table

ROWS = (LOGS, *REPORTS, CPU, SECONDS, PEAK)
NOTES = (
    "90 questions; the target for 10,000 students with 10 million events: 30 seconds on two cores and 1,536 MiB",
    "CPU seconds of all threads, by report; logs: to read the events and fold them, once for three of the reports",
    f"integrity compares every pair, which is quadratic, up to {MOST_STUDENTS:,} students; all else is linear",
    "each size in a process of its own; peak: of all its memory, libraries and the cohort's frames included",
)


def measure_reports(console: Console, directory: Path, sizes: Sequence[int], events: int) -> None:
    """Make the reports of made-up cohorts with so many events a student. Raises NotServing."""
    table = new_table(f"Reports, {events:,} events a student")
    table.add_column("students")
    measured = []
    for size in sizes:
        table.add_column(f"{size:,}", justify="right")
        with console.status(f"reports of {size:,} students"):
            measured.append(_apart(directory, size, events))
    for name in ROWS:
        table.add_row(name, *(f"{each[name]:.0f}" if name == PEAK else f"{each[name]:.1f}" for each in measured))
    print_table(console, table, NOTES)


def _apart(directory: Path, size: int, events: int) -> dict[str, float]:
    """Make a cohort in one process, and measure in another."""
    with TemporaryDirectory(prefix="reports-", dir=directory) as folder:
        for what in (MAKE, MEASURE):
            command = [sys.executable, "-m", "bench.making_reports", what, folder, str(size), str(events)]
            ended = subprocess.run(command, check=False, capture_output=True, text=True)
            if ended.returncode != 0:
                raise NotServing(f"reports of {size:,} students: {what} failed:\n{ended.stderr[-2000:]}")
        figures: dict[str, float] = json.loads((Path(folder) / FIGURES).read_text())
        return figures
