"""The demo's report: asked for and awaited as a teacher does, and printed in short."""

from __future__ import annotations

import asyncio
import statistics
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from api.cli.demo import documents
from api.cli.demo.client import Client, Failed
from api.cli.failure import Failure

KINDS = ("STANDINGS", "TEST", "ITEMS", "BEHAVIOUR", "STUDENT", "INTEGRITY", "CALIBRATION")
READY_SECONDS = 300.0
POLL_SECONDS = 0.5
TOPICS, QUESTIONS = 5, 8
NOT_CONNECTED = "UNSUPPORTED"

Report = Mapping[str, Any]


async def made_report(
    teacher: Client,
    test_id: str,
    kinds: Sequence[str] = KINDS,
    groups: Sequence[str] | None = None,
    read: str = documents.REPORT_SHORT,
) -> Report | None:
    """Return what `read` asks of a report about a test, or about some groups in it, when it is ready.

    `None` where nobody makes reports. Raises Failure.
    """
    try:
        # The simulated students live through three hours in seconds: their clocks are right, not the server's.
        asked = await teacher.do(
            documents.REQUEST_REPORT, testIds=[test_id], kinds=[*kinds], groups=groups, clientClock=True
        )
    except Failed as refused:
        if refused.codes == (NOT_CONNECTED,):
            return None
        raise
    id = asked["report"]["id"]
    try:
        async with asyncio.timeout(READY_SECONDS):
            while True:
                told = await teacher.ask(documents.REPORT, id=id)
                if told["state"] == "FAILED":
                    raise Failure(f"the report was not made: {told['reason']}")
                if told["state"] == "READY":
                    ready: Report = await teacher.ask(read, id=id)
                    return ready
                await asyncio.sleep(POLL_SECONDS)
    except TimeoutError:
        raise Failure(f"the report was not ready within {READY_SECONDS:g} seconds") from None


def print_report(console: Console, report: Report | None) -> None:
    """Print topics to work on, questions to look at, time by subject, and where the whole of it is."""
    if report is None:
        console.print("No analysis platform is connected: there is no report.")
        return
    items = [edge["node"] for edge in report["items"]["edges"]]
    console.print(_topics(items))
    console.print(_questions(items))
    console.print(_times(report["behaviour"]["subjects"]))
    console.print("The whole report, to read and to print (the link is good for an hour):")
    console.print(report["page"]["url"], soft_wrap=True, markup=False, highlight=False)


def weakest_topics(items: Sequence[Report]) -> list[tuple[str, str, float]]:
    """Return topics with their subject and the mean share of marks, the least first; subjects without topics."""
    shares: dict[tuple[str, str], list[float]] = defaultdict(list)
    for item in items:
        if item["facility"] is not None:
            shares[item["topic"] or "", item["subject"] or ""].append(item["facility"])
    means = [(topic, subject, statistics.fmean(of)) for (topic, subject), of in shares.items()]
    return sorted(means, key=lambda found: found[2])[:TOPICS]


def _topics(items: Sequence[Report]) -> Table:
    table = Table("Topic to work on", "Subject", "Marks earned", title="What to work on", box=SIMPLE_HEAD)
    for topic, subject, share in weakest_topics(items):
        table.add_row(escape(topic or "(all)"), escape(subject), f"{share:.0%}")
    return table


def _questions(items: Sequence[Report]) -> Table:
    table = Table("No.", "Subject", "Why", title="Questions to look at", box=SIMPLE_HEAD)
    flagged = [item for item in items if item["flags"]]
    for item in flagged[:QUESTIONS]:
        why = "; ".join(flag["reason"] for flag in item["flags"])
        table.add_row(str(item["number"]), escape(item["subject"] or ""), escape(why))
    if not flagged:
        table.add_row("", "", "none")
    return table


def _times(subjects: Sequence[Report]) -> Table:
    table = Table("Subject", "Median", "Middle half", "On wrong answers", title="Time", box=SIMPLE_HEAD)
    for row in subjects:
        table.add_row(
            escape(row["subject"]),
            _minutes(row["timeMedian"]),
            f"{_minutes(row['timeLower'])} to {_minutes(row['timeUpper'])}",
            _minutes(row["sunk"]),
        )
    return table


def _minutes(seconds: float | None) -> str:
    return "–" if seconds is None else f"{seconds / 60:.1f} min"
