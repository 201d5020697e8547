"""The chapters of the page, each from the section of its kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from analysis.archive import tables_of
from analysis.page import plots
from analysis.page.markup import Html, element, join, table

Section = Mapping[str, Any]
SLOW = 15
"""Questions that are named for the time that they took."""
SCORES = (
    ("title", "Part"),
    ("students", "Students"),
    ("questions", "Questions"),
    ("mean", "Mean"),
    ("deviation", "Deviation"),
    ("minimum", "Lowest"),
    ("lowerQuartile", "Lower quartile"),
    ("median", "Median"),
    ("upperQuartile", "Upper quartile"),
    ("maximum", "Highest"),
    ("possible", "Possible"),
    ("alpha", "Reliability (alpha)"),
)
TIMES = (
    ("subject", "Subject"),
    ("timeMedian", "Median, min"),
    ("timeQ1", "Lower quartile, min"),
    ("timeQ3", "Upper quartile, min"),
    ("sunk", "On wrong answers, min"),
    ("returns", "Returns"),
    ("changes", "Changed answers"),
    ("gained", "Marks gained by them"),
)
SLOW_QUESTIONS = (
    ("number", "Question"),
    ("subject", "Subject"),
    ("topic", "Topic"),
    ("timeMedian", "Median, s"),
    ("returns", "Returns"),
    ("rapid", "Rapid guesses"),
)
STUDENTS = (
    ("name", "Name"),
    ("right", "Right"),
    ("wrong", "Wrong"),
    ("unanswered", "Unanswered"),
    ("told", "What the figures say"),
)
CHANGES = (
    ("changes", "Changes"),
    ("rightWrong", "Right to wrong"),
    ("wrongRight", "Wrong to right"),
    ("wrongWrong", "Wrong to wrong"),
    ("gained", "Marks gained"),
)
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
    bars = [(f"{bar['from']:g}", float(bar["students"])) for bar in total.get("histogram", ())]
    rows = [{"title": "Whole test", **total}, *test.get("sections", ())]
    return join((plots.upright(bars, "Students by score") if bars else Html(""), table(SCORES, rows)))


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
    subjects: Sequence[Mapping[str, Any]] = section.get("subjects", [])
    bars = [(str(row["subject"]), (row["timeMedian"] or 0) / 60) for row in subjects]
    slow = sorted(section.get("questions", []), key=lambda row: -(row["timeMedian"] or 0))[:SLOW]
    changes = section.get("changes")
    return join(
        (
            plots.lying(bars, "Minutes by subject, median", " min") if bars else Html(""),
            table(TIMES, map(_in_minutes, subjects), "By subject"),
            table(SLOW_QUESTIONS, slow, "Questions that took most time"),
            table(CHANGES, [changes], "Changed answers, all students together") if changes else Html(""),
        )
    )


def _in_minutes(row: Mapping[str, Any]) -> dict[str, Any]:
    times = {name: row[name] / 60 for name in ("timeQ1", "timeMedian", "timeQ3", "sunk") if row[name] is not None}
    return {**row, **times}


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


def students(section: Section) -> Html:
    """Show what is said to each of the first students."""
    rows: Sequence[Mapping[str, Any]] = section.get("rows", [])
    told = [{**row, "told": " ".join(sentence["text"] for sentence in row["sentences"])} for row in rows[:SHOWN]]
    return join((table(STUDENTS, told), _more(len(rows))))


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
