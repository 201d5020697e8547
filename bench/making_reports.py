"""`python -m bench.making_reports make|measure DIRECTORY STUDENTS EVENTS`: one size of a cohort, in a process by
itself: written to files as it would come from an export, or read from them and reported on."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

import polars as pl

from analysis.contract import Section
from analysis.frames import Cohort
from analysis.reports.behaviour import behaviour
from analysis.reports.calibration import calibration
from analysis.reports.conduct import Conduct, conduct
from analysis.reports.integrity import integrity
from analysis.reports.items import items
from analysis.reports.score_summary import score_summary
from analysis.reports.standings import standings
from analysis.reports.student import students
from bench.sittings import cohort

FRAMES = ("questions", "attempts", "responses")
FIGURES = "figures.json"
MAKE, MEASURE = "make", "measure"
LOGS, SECONDS, CPU, PEAK = "logs", "seconds", "CPU", "peak MiB"

REPORTS: dict[str, Callable[[Cohort, Conduct], Section]] = {
    "behaviour": lambda sat, known: behaviour(sat, known=known),
    "student": lambda sat, known: students(sat, known=known),
    "integrity": lambda sat, known: integrity(sat, known=known),
    "standings": lambda sat, _: standings(sat),
    "test": lambda sat, _: score_summary(sat),
    "items": lambda sat, _: items(sat),
    "calibration": lambda sat, _: calibration(sat),
}


def make(directory: Path, size: int, events: int) -> None:
    """Write a cohort: its frames, and its events in parts."""
    number = count()
    sat = cohort(
        size, events, lambda part: part.write_ipc(directory / f"events-{next(number):04}.arrow", compression="lz4")
    )
    for name in FRAMES:
        getattr(sat, name).write_ipc(directory / f"{name}.arrow", compression="lz4")


def measure(directory: Path) -> None:
    """Make every report of a cohort and write what each took: seconds of the processor, and in all."""
    questions, attempts, responses = (pl.read_ipc(directory / f"{name}.arrow") for name in FRAMES)
    sat = Cohort(questions, attempts, responses, Cohort.empty().events)
    began, worked, figures = time.perf_counter(), time.process_time(), dict[str, float]()

    def spent(name: str) -> None:
        figures[name] = time.process_time() - worked - sum(figures.values())

    known = conduct(sat, events=(pl.read_ipc(path) for path in sorted(directory.glob("events-*.arrow"))))
    spent(LOGS)
    for name, report in REPORTS.items():
        report(sat, known)
        spent(name)
    figures |= {
        CPU: sum(figures.values()),
        SECONDS: time.perf_counter() - began,
        PEAK: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    (directory / FIGURES).write_text(json.dumps(figures))


if __name__ == "__main__":
    what, folder, *numbers = sys.argv[1:]
    if what == MAKE:
        make(Path(folder), *map(int, numbers))
    else:
        measure(Path(folder))
