"""The task queue's figures as tables, with what must be known to read them."""

from __future__ import annotations

from rich.console import Console

from bench.phase import Figures
from bench.table import NOT_MEASURED, new_table, print_table
from bench.taskqueue import accepting, grading, overhead
from bench.taskqueue.cohort import BATCHES, LOGS
from bench.taskqueue.fairness import Fairness
from bench.taskqueue.grading import Graded
from bench.taskqueue.house import SWEEP_SECONDS
from bench.taskqueue.latency import Latencies
from bench.taskqueue.memory import SHARES
from bench.taskqueue.overhead import PARTS, Cost


def print_accepting(console: Console, figures: Figures, runs: int) -> None:
    table = new_table(f"Accepting tasks: {accepting.AT_ONCE} connections, median of {runs} run(s)")
    for column in ("tasks", "per s", "p50 ms", "p99 ms", "CPU ms", "server", "caller"):
        table.add_column(column, justify="right")
    table.add_row(
        f"{figures.operations:.0f}",
        f"{figures.rate:.0f}",
        f"{figures.p50:.0f}",
        f"{figures.p99:.0f}",
        _ms(figures.server_cpu),
        NOT_MEASURED if figures.server_busy is None else f"{figures.server_busy:.0%}",
        f"{figures.students_busy:.0%}",
    )
    notes = (
        "posted over HTTP with keep-alive to one server process; the record is durable in SQLite when it is "
        "answered, and each commit serves all that wait; a ring goes to Redis for each",
        "the target is 500 a second",
    )
    print_table(console, table, notes)


def print_latencies(console: Console, measured: Latencies) -> None:
    table = new_table(f"An idle queue, one worker process: {measured.tasks} tasks one after another")
    table.add_column("from the moment of posting")
    for column in ("p50 ms", "p99 ms", "most ms"):
        table.add_column(column, justify="right")
    for name, latency in (("to the start", measured.to_start), ("to the recorded end", measured.to_end)):
        table.add_row(name, f"{latency.p50:.1f}", f"{latency.p99:.1f}", f"{latency.most:.1f}")
    notes = (
        f"by the doorbell: a sweep comes every {SWEEP_SECONDS} s here; the target of p50 to the start is 50 ms",
        "start: when a process of the worker looks into the store and picks",
    )
    print_table(console, table, notes)


def print_grading(console: Console, graded: Graded) -> None:
    table = new_table(
        f"Grading through the queue: {graded.cohort.attempts} attempts of 75 questions, "
        f"{grading.PROCESSES} worker processes"
    )
    shares = ", ".join(f"{share * 100:.0f}" for share in SHARES)
    for column in ("seconds", "per s", "CPU ms", f"MiB after {shares} % of the time"):
        table.add_column(column, justify="right")
    memory = ", ".join(f"{each:.0f}" for each in graded.memory) or NOT_MEASURED
    table.add_row(f"{graded.seconds:.1f}", f"{graded.rate:.0f}", _ms(graded.cpu), memory)
    notes = (
        f"from the first look at the outbox, whose relaying took {graded.relaying:.1f} s, to the last result",
        "CPU ms: of the worker with all its processes, an attempt; MiB: held by the largest of them",
        f"the attempts were written straight into the store before, in {graded.writing:.0f} s, as the services "
        f"would have left them: {LOGS} different logs, each of {BATCHES} batches and, on average, "
        f"{graded.cohort.events:.0f} events",
    )
    print_table(console, table, notes)


def print_overhead(console: Console, queue: Cost, celery: Cost, runs: int) -> None:
    table = new_table(
        f"Overhead: {queue.tasks} tasks of no work, {overhead.PROCESSES} worker processes, median of {runs} run(s)"
    )
    table.add_column("")
    for column in ("per s", *PARTS, "in all"):
        table.add_column(column, justify="right")
    for name, cost in (("task queue", queue), ("plain Celery", celery)):
        parts = ["" if cost.cpu[part] is None else _ms(cost.cpu[part]) for part in PARTS]
        table.add_row(name, f"{cost.rate:.0f}", *parts, f"{cost.total:.2f}")
    notes = (
        "CPU in ms a task, by part; caller: who posts, over HTTP or into Redis",
        "from the first post to the last end; both by the same Redis, which keeps nothing on disk",
        "it buys: a record that is durable when it is answered, so that no flushed Redis and no killed process "
        "loses a task; exactly one recorded end, with result, error and progress; idempotency keys; fairness",
    )
    print_table(console, table, notes)


def print_fairness(console: Console, fairness: Fairness) -> None:
    table = new_table(f"Fairness: one tenant has {fairness.waiting} tasks waiting, another posts one")
    table.add_column("picked as")
    table.add_column("task number", justify="right")
    table.add_row("task queue, a process at work", str(fairness.picks))
    table.add_row("task queue, a process that has just started", str(fairness.picks_of_new))
    table.add_row("plain Celery, by its order", str(fairness.waiting + 1))
    print_table(
        console, table, (f"a pick from this line takes {fairness.pick:.1f} ms, its durable commit included",)
    )


def _ms(value: float | None) -> str:
    return NOT_MEASURED if value is None else f"{value:.2f}"
