"""The figures as tables, with what must be known to read them."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.table import Table

from bench.load import AT_ONCE, Load, Measured
from bench.round_trips import Counted

COLUMNS = ("number", "per s", "p50 ms", "p99 ms", "CPU ms", "server", "students")
NOT_MEASURED = "not measured"


def print_facts(console: Console, facts: Sequence[tuple[str, str]]) -> None:
    for name, value in facts:
        console.print(f"[bold]{name}[/]: {value}", highlight=False)


def print_round_trips(console: Console, counted: Sequence[Counted], notes: Sequence[str]) -> None:
    table = new_table("Round trips to Datastore")
    table.add_column("operation")
    table.add_column("", justify="right")
    table.add_column("in their order")
    for row in counted:
        table.add_row(row.operation, str(len(row.trips)), ", ".join(row.trips))
    print_table(console, table, notes)


def print_load(console: Console, store: str, load: Load, measured: Measured, notes: Sequence[str]) -> None:
    table = new_table(
        f"{store}: {load.students} students, {min(AT_ONCE, load.students)} at a time, median of {load.runs} run(s)"
    )
    table.add_column("step", no_wrap=True)
    for column in COLUMNS:
        table.add_column(column, justify="right")
    for name, figures in measured.steps.items():
        table.add_row(
            name,
            f"{figures.operations:.0f}",
            f"{figures.rate:.0f}",
            f"{figures.p50:.0f}",
            f"{figures.p99:.0f}",
            NOT_MEASURED if figures.server_cpu is None else f"{figures.server_cpu:.2f}",
            NOT_MEASURED if figures.server_busy is None else f"{figures.server_busy:.0%}",
            f"{figures.students_busy:.0%}",
        )
    grading = NOT_MEASURED if measured.grading_cpu is None else f"{measured.grading_cpu:.2f}"
    table.add_row("grade the rest", str(load.students), "", "", "", grading, "", "")
    print_table(console, table, notes)


def new_table(title: str) -> Table:
    """Return a table without columns."""
    return Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)


def print_table(console: Console, table: Table, notes: Sequence[str]) -> None:
    """Print a table, and what must be known to read it."""
    console.print(table)
    for note in notes:
        console.print(f"· {note}", highlight=False)
    console.print()
