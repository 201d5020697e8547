"""An exam day as tables."""

from __future__ import annotations

from itertools import chain

from rich.console import Console

from bench.examday.day import Day, Setting
from bench.examday.held import Held
from bench.examday.student import OPERATIONS
from bench.phase import percentile
from bench.table import NOT_MEASURED, new_table, print_table

NOTES = (
    "latency from when a student meant to ask to the whole answer: who waits for a slow answer before is late too",
    "the load is a bare asyncio protocol, a task and a connection a student; it shares the cores with the server",
    "again: requests sent anew, by why; a connection closed while idle is reopened as a browser does",
)


def print_day(console: Console, store: str, day: Day, setting: Setting, held: Held) -> None:
    """Print what the students saw, what the server spent, and what was verified."""
    _print_operations(console, store, day, setting, held)
    _print_phases(console, day, held)
    _print_verified(console, held)


def _print_operations(console: Console, store: str, day: Day, setting: Setting, held: Held) -> None:
    killed = "" if setting.kill_every is None else f", {held.killed} workers killed with -9"
    table = new_table(
        f"Exam day on {store}: {day.students} students, {setting.workers} worker(s){killed}; they start within "
        f"{day.start_within:g} s, save {day.saves} times, one every {day.turn:g} s, submit within "
        f"{day.submit_within:g} s"
    )
    table.add_column("operation", no_wrap=True)
    for column in ("number", "p50 ms", "p95 ms", "p99 ms", "max ms"):
        table.add_column(column, justify="right")
    for name in OPERATIONS:
        seen = sorted(chain.from_iterable(each.seen.latencies[name] for each in held.told))
        if seen:
            told = [f"{percentile(seen, share) * 1000:.0f}" for share in (0.5, 0.95, 0.99, 1.0)]
            table.add_row(name, f"{len(seen):,}", *told)
    again = ", ".join(
        f"{sum(each.seen.again[why] for each in held.told)} {why}"
        for why in sorted({why for each in held.told for why in each.seen.again})
    )
    print_table(console, table, (*NOTES, f"sent again: {again or 'none'}"))


def _print_phases(console: Console, day: Day, held: Held) -> None:
    saves = held.gate + day.saving_from
    submits = held.gate + day.submitting_from
    last_paper = max(each.seen.last_paper for each in held.told)
    last_submit = max(each.seen.last_submit for each in held.told)
    phases = (
        ("log in", None, held.login_cpu, day.students),
        ("start and paper", last_paper - held.gate, held.watch.spent(held.gate - 1, saves), day.students),
        ("save", None, held.watch.spent(saves, submits), day.students * day.saves),
        (
            "submit and grade",
            last_submit - submits,
            held.watch.spent(submits, max(held.graded, last_submit)),
            day.students,
        ),
    )
    table = new_table("What it cost the server")
    table.add_column("phase", no_wrap=True)
    for column in ("last one after s", "CPU s", "CPU ms each"):
        table.add_column(column, justify="right")
    for name, last, cpu, count in phases:
        spent = (NOT_MEASURED, "") if cpu is None else (f"{cpu:.1f}", f"{cpu / count * 1000:.2f}")
        table.add_row(name, "" if last is None else f"{last:.1f}", *spent)
    whole = [cpu for _, _, cpu, _ in phases if cpu is not None]
    if whole:
        table.add_row("all of it, a student", "", f"{sum(whole):.1f}", f"{sum(whole) / day.students * 1000:.2f}")
    print_table(
        console,
        table,
        (
            f"all were graded {held.graded - submits:.1f} s after the first could submit; one process held "
            f"{held.watch.largest:.0f} MiB at most; the load itself took "
            f"{sum(each.cpu for each in held.told):.1f} s of CPU",
        ),
    )


def _print_verified(console: Console, held: Held) -> None:
    verified = held.verified
    errors = [(said, count) for each in held.told for said, count in each.seen.errors.items()]
    lines = [
        (not errors, f"{sum(count for _, count in errors)} errors seen by students", [said for said, _ in errors]),
        (
            not verified.lost,
            f"{verified.batches:,} acknowledged batches ({verified.events:,} events) read back, "
            f"{len(verified.lost)} lost",
            verified.lost,
        ),
        (
            not verified.wrong_marks and not verified.ungraded,
            f"{verified.marks:,} totals compared, {len(verified.wrong_marks)} wrong, "
            f"{len(verified.ungraded)} not graded",
            verified.wrong_marks + verified.ungraded,
        ),
    ]
    for good, told, details in lines:
        console.print(f"[{'green' if good else 'red'}]{'✓' if good else '✗'}[/] {told}", highlight=False)
        for detail in details[:5]:
            console.print(f"    {detail}", highlight=False, markup=False)
    console.print()
