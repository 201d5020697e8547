"""The page of a report: what it is about, and a chapter for each kind, in the order in which people ask."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.resources import files
from typing import Any

from analysis.contract import ReportKind
from analysis.page import chapters
from analysis.page.markup import Html, element, join
from analysis.tables import Report

STYLE = (files("analysis.page") / "style.css").read_text("utf-8")

Chapter = Callable[[Mapping[str, Any]], Html]

CHAPTERS: Mapping[ReportKind, tuple[str, Chapter]] = {
    ReportKind.TEST: ("Scores", chapters.scores),
    ReportKind.ITEMS: ("Questions", chapters.questions),
    ReportKind.BEHAVIOUR: ("How the time was spent", chapters.behaviour),
    ReportKind.STANDINGS: ("Standings", chapters.standings),
    ReportKind.STUDENT: ("Students", chapters.students),
    ReportKind.INTEGRITY: ("Agreement between students: evidence to look at, not a verdict", chapters.plain),
    ReportKind.CALIBRATION: ("Calibration", chapters.plain),
}


def page(report: Report, sections: Mapping[ReportKind, Any]) -> str:
    """Return the whole page as HTML that loads nothing from anywhere."""
    title = ", ".join(report.titles.values()) or "Report"
    ready = report.ready_at or report.requested_at
    versions = ", ".join(map(str, report.key_versions.values()))
    told = f"{report.students or 0} students · {ready:%d %B %Y, %H:%M} UTC · answer key version {versions}"
    body = join(
        element("section", element("h2", heading), chapter(sections[kind]))
        for kind, (heading, chapter) in CHAPTERS.items()
        if kind in sections
    )
    head = join(
        (
            Html('<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'),
            element("title", title),
            element("style", Html(STYLE)),
        )
    )
    content = element("body", element("h1", title), element("p", told, class_="facts"), body)
    return f"<!doctype html>\n{element('html', element('head', head), content, lang='en')}\n"
