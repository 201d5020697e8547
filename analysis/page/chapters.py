"""The chapters of the page, each from the section of its kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from analysis.archive import tables_of
from analysis.page import plots
from analysis.page.markup import Html, element, join, table

Section = Mapping[str, Any]
SHOWN = 50
"""Rows of a table on the page; the files have all."""
ALL_QUESTIONS = 300
IDS = frozenset({"attempt", "attemptId", "student", "studentId", "question", "test"})
"""Columns that say nothing to a reader."""


def scores(section: Section) -> Html:
    """Tell each test's distribution, with a histogram and the figures by section."""
    return join(_scores(test) for test in section.get("tests", ()))


def _scores(test: Mapping[str, Any]) -> Html:
    total = test["total"]
    bars = [(f"{bar['from']:g}", float(bar["students"])) for bar in total.get("histogram", ()) if "from" in bar]
    rows = [{"title": "Whole test", **total}, *test.get("sections", ())]
    return join(
        (
            plots.upright(bars, "Students by score") if bars else Html(""),
            table(list(_columns(rows, without=("histogram",))), rows),
        )
    )


def questions(section: Section) -> Html:
    """Show the questions to look at, with the reasons, before all others."""
    rows: Sequence[Mapping[str, Any]] = section.get("questions", [])
    flagged = [{**row, "why": "; ".join(flag["reason"] for flag in row["flags"])} for row in rows if row["flags"]]
    named = [("number", "Question"), ("subject", "Subject"), ("topic", "Topic")]
    figures = [
        ("facility", "Facility"),
        ("discrimination", "Discrimination"),
        ("upperLower", "Upper − lower"),
        ("omitted", "Omitted"),
    ]
    look = table([*named, ("why", "Why to look at it")], flagged, "Questions to look at")
    return join((look if flagged else Html(""), table([*named, *figures], rows[:ALL_QUESTIONS], "All questions")))


def behaviour(section: Section) -> Html:
    """Tell where the cohort's time went: by subject, then the questions that took most."""
    subjects = section.get("subjects", [])
    bars = [(str(row["subject"]), (row.get("timeMedian") or 0) / 60) for row in subjects]
    slow = sorted(section.get("questions", []), key=lambda row: -(row.get("timeMedian") or 0))[:15]
    named = [
        ("number", "Question"),
        ("subject", "Subject"),
        ("topic", "Topic"),
        ("timeMedian", "Median time, s"),
        ("returns", "Returns"),
        ("rapid", "Rapid guesses"),
        ("sunk", "Time on wrong answers, s"),
    ]
    changes = [section["changes"]] if isinstance(section.get("changes"), dict) else []
    return join(
        (
            plots.lying(bars, "Minutes by subject, median", " min") if bars else Html(""),
            table(list(_columns(subjects)), subjects, "By subject"),
            table(named, slow, "Questions that took most time"),
            table(list(_columns(changes)), changes, "Changed answers"),
        )
    )


def standings(section: Section) -> Html:
    """Show the first of the standings."""
    rows = section.get("rows", [])
    subjects: Sequence[str] = section.get("subjects", [])
    flat = [
        {**row, **{f"s:{name}": row["subjects"].get(name, {}).get("percentile") for name in subjects}}
        for row in rows[:SHOWN]
    ]
    columns = [("rank", "Rank"), ("name", "Name"), ("externalId", "Roll number"), ("score", "Score")]
    columns += [("percentile", "Percentile"), *((f"s:{name}", name) for name in subjects)]
    return join((table(columns, flat), _more(len(rows))))


def plain(section: Section) -> Html:
    """Show every table of a section as it is, the first rows of each."""
    return join(
        join((table(list(_columns(rows)), rows[:SHOWN], _words(name)), _more(len(rows))))
        for name, rows in tables_of(section)
    )


def _columns(rows: Sequence[Mapping[str, Any]], without: Sequence[str] = ()) -> Iterator[tuple[str, str]]:
    """Yield the columns of rows, ids left out, each with a heading made of its name."""
    for name in dict.fromkeys(name for row in rows[:SHOWN] for name in row):
        if (
            name not in without
            and not name.endswith(("Id", "_id"))
            and name not in ("attempt", "student", "question")
        ):
            yield name, _words(name)


def _words(name: str) -> str:
    spaced = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name)
    return spaced.replace("_", " ").strip().capitalize()


def _more(count: int) -> Html:
    if count <= SHOWN:
        return Html("")
    return element("p", f"The first {SHOWN} of {count}; the workbook has all.", class_="note")
