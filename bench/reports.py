"""`python -m bench.reports`: how long the reports take, how much memory, and how both grow with the cohort.

Each size is measured in a process of its own, which reads the cohort as it would have come from an export.
"""

from __future__ import annotations

import json
import multiprocessing
import resource
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import polars as pl
import typer
from rich import box
from rich.console import Console
from rich.table import Table

from analysis.contract import Section
from analysis.frames import Cohort
from analysis.reports.behaviour import behaviour
from analysis.reports.calibration import calibration
from analysis.reports.conduct import Conduct, conduct
from analysis.reports.integrity import MOST_STUDENTS, integrity
from analysis.reports.items import items
from analysis.reports.score_summary import score_summary
from analysis.reports.standings import standings
from analysis.reports.student import students
from bench.sittings import cohort

FRAMES = ("questions", "attempts", "responses")
EVENTS = "events-*.arrow"
Figures = dict[str, float]

REPORTS: dict[str, Callable[[Cohort, Conduct], Section]] = {
    "behaviour": lambda sat, known: behaviour(sat, known=known),
    "student": lambda sat, known: students(sat, known=known),
    "integrity": lambda sat, known: integrity(sat, known=known),
    "standings": lambda sat, _: standings(sat),
    "test": lambda sat, _: score_summary(sat),
    "items": lambda sat, _: items(sat),
    "calibration": lambda sat, _: calibration(sat),
}


def bench(
    sizes: Annotated[
        list[int] | None, typer.Argument(help="How many students; several sizes show growth.")
    ] = None,
    events: Annotated[int, typer.Option(min=180, help="Events a student.")] = 1_000,
) -> None:
    """Measure the reports on made-up cohorts."""
    told = Table(title=f"Reports, {events} events a student, seconds", box=box.SIMPLE_HEAD, title_justify="left")
    columns = (
        "students",
        "events, millions",
        "read",
        "conduct",
        *REPORTS,
        "in all",
        "CPU",
        "peak MiB",
        "of it frames",
    )
    for column in columns:
        told.add_column(column, justify="right")
    for size in sizes or (1_000, 10_000):
        figures = _apart(size, events)
        told.add_row(f"{size}", *(f"{figures[name]:.2f}" for name in columns[1:-2]), *_memory(figures))
    console = Console(width=160)
    console.print(told)
    console.print(f"integrity: pairs are searched up to {MOST_STUDENTS} students, in O(N²); all else is linear")


def _memory(figures: Figures) -> tuple[str, str]:
    return f"{figures['peak MiB']:.0f}", f"{figures['of it frames']:.0f}"


def _apart(size: int, events: int) -> Figures:
    """Make a cohort in one process, and measure in another."""
    spawn = multiprocessing.get_context("spawn")
    with TemporaryDirectory(prefix="bench-") as name:
        for work in (make, measure):
            process = spawn.Process(target=work, args=(Path(name), size, events))
            process.start()
            process.join()
            if process.exitcode:
                raise SystemExit(f"bench: {work.__name__} ended with {process.exitcode}")
        figures: Figures = json.loads((Path(name) / "figures.json").read_text())
        return figures


def make(directory: Path, size: int, events: int) -> None:
    number = count()
    sat = cohort(
        size, events, lambda part: part.write_ipc(directory / f"events-{next(number):04}.arrow", compression="lz4")
    )
    for name in FRAMES:
        getattr(sat, name).write_ipc(directory / f"{name}.arrow", compression="lz4")


def measure(directory: Path, size: int, events: int) -> None:
    clock = time.perf_counter
    began = clock()
    questions, attempts, responses = (pl.read_ipc(directory / f"{name}.arrow") for name in FRAMES)
    sat = Cohort(questions, attempts, responses, Cohort.empty().events)
    logged = sorted(directory.glob(EVENTS))
    figures = {"events, millions": size * events / 1e6, "read": clock() - began, "of it frames": _peak()}
    began, worked = clock(), time.process_time()
    known = conduct(sat, events=(pl.read_ipc(path) for path in logged))
    figures["conduct"] = clock() - began
    for name, report in REPORTS.items():
        start = clock()
        report(sat, known)
        figures[name] = clock() - start
    figures |= {"in all": clock() - began, "CPU": time.process_time() - worked, "peak MiB": _peak()}
    (directory / "figures.json").write_text(json.dumps(figures))


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    typer.run(bench)
