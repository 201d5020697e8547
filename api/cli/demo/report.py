"""What the demo prints: a table of results, and how the marks compare with what they must be."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from api.cli.demo.marks import RIGHT, WRONG, expected_marks
from api.cli.demo.questions import SUBJECTS, TOTAL
from api.cli.demo.sitting import Sat

SHOWN_FIRST, SHOWN_LAST = 8, 3


@dataclass(frozen=True, slots=True)
class Row:
    """One attempt: what the server says, what it must be by question id, and what differs."""

    name: str
    submitted: bool
    total: int
    subjects: Mapping[str, int]
    counts: tuple[int, int, int]
    differences: tuple[str, ...]


def compared(sat: Sat, graded: Mapping[str, Any], in_force: Mapping[str, str]) -> Row:
    """Hold the marks of an attempt, question by question, against what its acknowledged answers must earn.

    `in_force`: where the key is not what is right, as `expected_marks` takes it.
    """
    must = expected_marks(sat.questions, sat.acknowledged, in_force)
    result = graded["result"]
    got = {question["questionId"]: question["marks"] for question in result["questions"]}
    differences = [
        f"{sat.student.login}, question {id}: {got.get(id)} instead of {marks}"
        for id, marks in must.items()
        if got.get(id) != str(marks)
    ]
    total = sum(must.values())
    counts = tuple([*must.values()].count(marks) for marks in (RIGHT, WRONG, 0))
    told = result["total"]
    if (told["marks"], told["correct"], told["wrong"], told["unanswered"]) != (str(total), *counts):
        differences.append(f"{sat.student.login}, total: {told['marks']} instead of {total}")
    if len(got) != len(must):
        differences.append(f"{sat.student.login}: {len(got)} questions instead of {len(must)}")
    subjects = dict.fromkeys(SUBJECTS, 0)
    for question in sat.questions:
        subjects[question.subject] += must[question.id]
    right, wrong, left = counts
    return Row(
        sat.student.name,
        graded["closedBy"] == "STUDENT",
        total,
        subjects,
        (right, wrong, left),
        tuple(differences),
    )


def print_results(console: Console, rows: Sequence[Row]) -> None:
    """Print the best and the last, ranked as competitions are (1, 2, 2, 4); a star is on who vanished."""
    ranked = sorted(rows, key=lambda row: -row.total)
    table = Table(
        title=f"Results of {len(rows)} students, of {TOTAL} marks", box=SIMPLE_HEAD, padding=(0, 1, 0, 0)
    )
    table.add_column("Rank", justify="right")
    table.add_column("Name", no_wrap=True)
    for heading in (*SUBJECTS, "Total", "✓ ✗ –"):
        table.add_column(heading, justify="right", no_wrap=True)
    for place, row in enumerate(ranked):
        if SHOWN_FIRST <= place < len(ranked) - SHOWN_LAST:
            if place == SHOWN_FIRST:
                table.add_row("…")
            continue
        rank = 1 + sum(other.total > row.total for other in ranked)
        marks = (row.subjects[subject] for subject in SUBJECTS)
        name = row.name if row.submitted else f"{row.name} *"
        table.add_row(*map(str, (rank, name, *marks, row.total, " ".join(map(str, row.counts)))))
    console.print(table)
    totals = [row.total for row in rows]
    console.print(
        f"mean {statistics.fmean(totals):.1f}, median {statistics.median(totals):g}, "
        f"from {min(totals)} to {max(totals)}; "
        f"* {sum(not row.submitted for row in rows)} vanished: the server ended their attempts"
    )
