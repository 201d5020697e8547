"""`python -m bench`: print the figures of this machine."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import httpx
import typer
from rich.console import Console

from api.cli.demo.client import Failed
from asgi.logs import LogFormat, configure_logging
from bench import emulator, table
from bench.examday.crowds import CrowdLost
from bench.examday.day import Day, Setting
from bench.examday.measure import measure_day
from bench.export import measure_export
from bench.graphql.installed import NotInstalled
from bench.graphql.measure import measure_graphql
from bench.load import Load, put_load
from bench.machine import facts
from bench.program import NotServing
from bench.reporting import measure_reporting
from bench.reports import measure_reports
from bench.round_trips import count_round_trips
from bench.server import serving
from bench.taskqueue.measure import measure_accepting, measure_grading, measure_latency, measure_overhead
from bench.watching import measure_watching

LOAD_NOTES = (
    "CPU ms: of the server process, an operation, whatever it did meanwhile; while they submit, it also grades",
    "server, students: how busy each process is, in shares of a core; if the students are near 100 %, the figures "
    "are theirs",
    "real HTTP on the loopback, one server process in production mode that logs to a file; latency as the "
    "students see it, with their own waiting in it",
    "nobody pauses to think: 64 students here ask as often as thousands who save twice a minute",
)
SQLITE_NOTES = ("every commit is durable when it is answered (WAL, synchronous=FULL); those that wait share one",)
EMULATOR_NOTES = (
    "the emulator shares the cores and is no Datastore: take the CPU from this table, and no rate",
    "its queries are slow, and to submit is to wait for one; its transactions begin with a call of their own, "
    "one more than in production",
)
COUNT_NOTES = (
    "counted by an interceptor on the channel to the emulator; & joins calls that are sent together",
    "transactions open with their first read, as in production",
    "which tenant a token leads to is looked up once in two seconds a process, and left out here",
)


class Part(StrEnum):
    """`exam`: a student's path, step by step; `examday`: a whole day of thousands; `faults`: the same while server
    processes are killed; `graphql`: answers, by this executor and by others; `export`: what services read of the
    platform; `reports`: what they make of that; `watching`: a control room; the others are of the task queue."""

    EXAM = "exam"
    EXAMDAY = "examday"
    FAULTS = "faults"
    GRAPHQL = "graphql"
    EXPORT = "export"
    REPORTS = "reports"
    WATCHING = "watching"
    ACCEPTING = "accepting"
    LATENCY = "latency"
    GRADING = "grading"
    OVERHEAD = "overhead"


EVERY_PART = list(Part)
COHORTS = [1_000, 10_000, 100_000]
EVENTS = 1_000
"""Of each student of them."""


class Stores(StrEnum):
    SQLITE = "sqlite"
    DATASTORE = "datastore"
    ALL = "all"


def bench(
    part: Annotated[list[Part], typer.Option(help="What to measure; give it once for each.")] = EVERY_PART,
    students: Annotated[int, typer.Option(min=1, max=10_000, help="How many sit in each run.")] = 256,
    batches: Annotated[int, typer.Option(min=1, max=200, help="How many each of them saves.")] = 8,
    tasks: Annotated[int, typer.Option(min=1, max=50_000, help="How many are posted in each run.")] = 2_000,
    attempts: Annotated[int, typer.Option(min=1, max=100_000, help="How many the queue grades.")] = 10_000,
    students_exported: Annotated[
        int, typer.Option(min=1, max=100_000, help="Whose logs are read by a service.")
    ] = 2_000,
    cohort: Annotated[
        list[int], typer.Option(min=1, help="Students whose reports are made; give it once for each size.")
    ] = COHORTS,
    students_reported: Annotated[
        int, typer.Option(min=0, max=100_000, help="Of whom a worker makes reports; 0: of none.")
    ] = 10_000,
    runs: Annotated[int, typer.Option(min=1, max=20, help="Of which the median is told.")] = 3,
    store: Annotated[Stores, typer.Option(help="What to let students sit on.")] = Stores.ALL,
    crowd: Annotated[int, typer.Option(min=1, max=20_000, help="Students of an exam day on SQLite.")] = 10_000,
    crowd_on_datastore: Annotated[
        int, typer.Option(min=0, max=20_000, help="Students of one on the emulator; 0: none.")
    ] = 200,
    crowd_killed: Annotated[
        int, typer.Option(min=1, max=20_000, help="Students of one whose server is killed.")
    ] = 1_000,
    within: Annotated[float, typer.Option(min=0.1, help="Seconds in which all start, and all submit.")] = 10.0,
    compress: Annotated[float, typer.Option(min=1, help="How many times as fast as a real one it goes.")] = 3.0,
    workers: Annotated[int, typer.Option(min=1, help="Server processes of an exam day.")] = 1,
    load_processes: Annotated[int, typer.Option(min=1, help="Processes of its students.")] = 1,
    kill_every: Annotated[float, typer.Option(min=0.5, help="Seconds from kill to kill.")] = 5.0,
) -> None:
    """Count round trips, and measure throughput, latency and CPU under load."""
    console = Console()
    configure_logging(LogFormat.CONSOLE, "error")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that whatever was started is stopped
    with TemporaryDirectory(prefix="bench-") as name:
        directory = Path(name)
        table.print_facts(console, facts(directory))
        if Part.EXAM in part:
            _measure_exam(console, directory, Load(students, batches, runs), store)
        day = Day(crowd, start_within=within, submit_within=within, compress=compress)
        if Part.EXAMDAY in part:
            _hold_days(console, directory, day, crowd_on_datastore, Setting(workers, load_processes), store)
        if Part.FAULTS in part:
            killed = replace(day, students=crowd_killed)
            setting = Setting(max(workers, 2), load_processes, kill_every)
            measure_day(console, "SQLite", directory / Part.FAULTS, None, killed, setting)
        if Part.GRAPHQL in part:
            _measure_graphql(console, directory / Part.GRAPHQL)
        if Part.EXPORT in part:
            measure_export(console, directory / Part.EXPORT, students_exported)
        if Part.REPORTS in part:
            measure_reports(console, directory, cohort, EVENTS)
            if students_reported:
                measure_reporting(console, directory / Part.REPORTS, students_reported)
        if Part.WATCHING in part:
            measure_watching(console, directory / Part.WATCHING, crowd)
        if Part.ACCEPTING in part:
            measure_accepting(console, directory / Part.ACCEPTING, tasks, runs)
        if Part.LATENCY in part:
            measure_latency(console, directory / Part.LATENCY)
        if Part.GRADING in part:
            measure_grading(console, directory / Part.GRADING, attempts)
        if Part.OVERHEAD in part:
            measure_overhead(console, directory / Part.OVERHEAD, tasks, runs)


def _measure_graphql(console: Console, directory: Path) -> None:
    try:
        measure_graphql(console, directory)
    except NotInstalled as error:
        console.print(f"GraphQL: skipped, {error}")


def _measure_exam(console: Console, directory: Path, load: Load, store: Stores) -> None:
    if store is not Stores.DATASTORE:
        _load_on(console, "SQLite", directory / "sqlite", None, load, SQLITE_NOTES)
    if store is not Stores.SQLITE:
        with _emulator(console, directory) as host:
            if host is not None:
                _count(console, host, directory / "counted")
                _load_on(console, "Datastore's emulator", directory / "served", host, load, EMULATOR_NOTES)


def _hold_days(
    console: Console, directory: Path, day: Day, on_datastore: int, setting: Setting, store: Stores
) -> None:
    if store is not Stores.DATASTORE:
        measure_day(console, "SQLite", directory / "day", None, day, setting)
    if store is not Stores.SQLITE and on_datastore:
        with _emulator(console, directory) as host:
            if host is not None:
                fewer = replace(day, students=on_datastore)
                measure_day(console, "Datastore's emulator", directory / "emulated", host, fewer, setting)


def _count(console: Console, host: str, directory: Path) -> None:
    with console.status("counting round trips"):
        counted = asyncio.run(count_round_trips(host, directory))
    table.print_round_trips(console, counted, COUNT_NOTES)


def _load_on(
    console: Console, store: str, directory: Path, host: str | None, load: Load, notes: tuple[str, ...]
) -> None:
    directory.mkdir()
    with serving(directory, host) as server, console.status(store) as status:
        measured = asyncio.run(put_load(server, load, lambda step: status.update(f"{store}, {step}")))
    table.print_load(console, store, load, measured, (*notes, *LOAD_NOTES))


@contextmanager
def _emulator(console: Console, directory: Path) -> Iterator[str | None]:
    """Run the Datastore emulator; without what it needs say so and give `None`."""
    missing = emulator.missing_tools()
    if missing:
        console.print(f"Datastore: skipped, the emulator needs {' and '.join(missing)} on the PATH")
        yield None
        return
    with console.status("starting Datastore's emulator"):
        started = emulator.start("datastore", directory)
    try:
        yield started.host
    finally:
        emulator.stop(started)


try:
    typer.run(bench)
except TimeoutError:
    sys.exit("bench: a phase took too long and was given up")
except (CrowdLost, Failed, NotServing, emulator.NotStarted, httpx.HTTPError) as error:
    sys.exit(f"bench: {type(error).__name__}: {error}")
