"""What was planted, and whether the report found it: read from the report, as a teacher would."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from api.cli.demo.key import Asked
from api.cli.demo.planted import SLOW_FACTOR, Planted

ENOUGH = 100
"""So many students are needed to tell what is planted from chance for sure; fewer may do."""

CLEARLY_SLOWER = 1.3

Report = Mapping[str, Any]
Pair = frozenset[str]


@dataclass(frozen=True, slots=True)
class Finding:
    """`evidence`: what the report says of it."""

    planted: str
    found: bool
    evidence: str


def findings(
    planted: Planted, paper: Mapping[str, Asked], pairs: Sequence[Pair], report: Report, slow: Report | None
) -> list[Finding]:
    """Look for each planted fact. `pairs`: the attempts of who copied and of who was copied from; `slow`: the
    report about the students who are slow alone, `None` where there are none."""
    items = {edge["node"]["questionId"]: edge["node"] for edge in report["items"]["edges"]}
    return [
        _slow(planted, report, slow),
        _flagged("the best are led to a wrong option", paper[planted.misleading], items, "BEST_CHOOSE_DISTRACTOR"),
        _copying(pairs, report["integrity"]),
        _flagged("the key was mistyped", paper[planted.mistyped], items, "LIKELY_WRONG_KEY"),
    ]


def print_findings(console: Console, found: Sequence[Finding], students: int) -> None:
    table = Table(
        "Planted", "", "The report", title="What was planted, and whether the report found it", box=SIMPLE_HEAD
    )
    for finding in found:
        missed = "[red]missed[/]" if students >= ENOUGH else "too few"
        verdict = "[green]found[/]" if finding.found else missed
        table.add_row(escape(finding.planted), verdict, escape(finding.evidence))
    console.print(table)
    if students < ENOUGH and not all(finding.found for finding in found):
        console.print(
            f"{students} students are too few to tell all of it from chance: from {ENOUGH} on it should be found."
        )


def _slow(planted: Planted, report: Report, slow: Report | None) -> Finding:
    told = f"A group takes {SLOW_FACTOR:g} times as long in {planted.slow_subject}"
    if slow is None:
        return Finding(told, False, "nobody is in the group")
    all_, own = (
        {row["subject"]: row["timeMedian"] or 0.0 for row in each["behaviour"]["subjects"]}
        for each in (report, slow)
    )
    ratios = {subject: own.get(subject, 0.0) / median for subject, median in all_.items() if median}
    if not ratios:
        return Finding(told, False, "no times")
    slowest = max(ratios, key=lambda subject: ratios[subject])
    shown = ", ".join(f"{subject} {ratio:.1f}" for subject, ratio in ratios.items())
    return Finding(
        told,
        slowest == planted.slow_subject and ratios[slowest] >= CLEARLY_SLOWER,
        f"the group's median time, in medians of all: {shown}",
    )


def _flagged(told: str, question: Asked, items: Mapping[str, Any], code: str) -> Finding:
    item = items.get(question.id)
    flags = {flag["code"]: flag["reason"] for flag in item["flags"]} if item else {}
    others = [
        str(other["number"])
        for id, other in items.items()
        if id != question.id and any(flag["code"] == code for flag in other["flags"])
    ]
    said = flags.get(code) or next(iter(flags.values()), "Nothing to look at.")
    also = f" (So flagged too: {', '.join(others)})" if others else ""
    return Finding(
        f"Question {question.number} ({question.subject}): {told}",
        code in flags,
        f"{said}{also}",
    )


def _copying(pairs: Sequence[Pair], integrity: Report) -> Finding:
    answers, paces = (_listed(integrity[search]) for search in ("answers", "paces"))
    by_answers, by_pace, listed = (len({*pairs} & each) for each in (answers, paces, answers | paces))
    others = len((answers | paces) - {*pairs})
    return Finding(
        f"{len(pairs)} pairs copied",
        bool(pairs) and listed == len(pairs),
        f"{listed} of them are listed ({by_answers} by wrong answers in common, {by_pace} by pace), "
        f"and {others} other pairs",
    )


def _listed(search: Report) -> set[Pair]:
    return {
        frozenset(member["attemptId"] for member in edge["node"]["members"]) for edge in search["pairs"]["edges"]
    }
