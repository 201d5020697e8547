"""The parts of the task queue's figures, each over a house of its own."""

from __future__ import annotations

import asyncio
from pathlib import Path

from rich.console import Console

from bench.taskqueue import tables
from bench.taskqueue.accepting import accept
from bench.taskqueue.fairness import measure_fairness
from bench.taskqueue.grading import grade_all
from bench.taskqueue.house import house
from bench.taskqueue.latency import await_starts
from bench.taskqueue.overhead import through_celery, through_the_queue

LATENCY_TASKS = 100


def measure_accepting(console: Console, directory: Path, tasks: int, runs: int) -> None:
    directory.mkdir()
    with console.status("task queue: accepting"), house(directory) as opened:
        figures = asyncio.run(accept(opened, tasks, runs))
    tables.print_accepting(console, figures, runs)


def measure_latency(console: Console, directory: Path) -> None:
    directory.mkdir()
    with console.status("task queue: latency"), house(directory) as opened:
        measured = asyncio.run(await_starts(opened, LATENCY_TASKS))
    tables.print_latencies(console, measured)


def measure_grading(console: Console, directory: Path, attempts: int) -> None:
    directory.mkdir()
    with console.status(f"task queue: grading {attempts} attempts"), house(directory) as opened:
        graded = asyncio.run(grade_all(opened, attempts))
    tables.print_grading(console, graded)


def measure_overhead(console: Console, directory: Path, tasks: int, runs: int) -> None:
    directory.mkdir()
    with console.status("task queue: overhead beside plain Celery") as status, house(directory) as opened:
        queue = asyncio.run(through_the_queue(opened, tasks, runs))
        celery = asyncio.run(through_celery(opened, tasks, runs))
        status.update("task queue: fairness")
        fairness = asyncio.run(measure_fairness(directory / "fairness"))
    tables.print_overhead(console, queue, celery, runs)
    tables.print_fairness(console, fairness)
