"""Which function makes which kind of report, over one cohort whose logs are worked through once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property

import polars as pl

from analysis.contract import ReportKind, ReportOptions, Section
from analysis.frames import Cohort
from analysis.reports import tie_breaks
from analysis.reports.behaviour import behaviour
from analysis.reports.calibration import calibration
from analysis.reports.conduct import Conduct, conduct
from analysis.reports.integrity import integrity
from analysis.reports.items import items
from analysis.reports.score_summary import score_summary
from analysis.reports.standings import standings
from analysis.reports.student import students


class Subject:
    """What reports are made of: a cohort, how they are wanted, and what several of them need alike.

    `events` come in parts, once, where they are not the cohort's own.
    """

    def __init__(
        self, cohort: Cohort, options: ReportOptions, events: Iterable[pl.DataFrame] | None = None
    ) -> None:
        self.cohort = cohort
        self.options = options
        self._events = events

    @property
    def idle_ms(self) -> int:
        return self.options.idle_seconds * 1000

    def work_through_logs(self) -> None:
        """Work the conduct out now, and not when it is first asked for."""
        _ = self.conduct

    @cached_property
    def conduct(self) -> Conduct:
        return conduct(self.cohort, self.idle_ms, events=self._events)


Make = Callable[[Subject], Section]

REPORTS: Mapping[ReportKind, Make] = {
    ReportKind.STANDINGS: lambda of: standings(of.cohort, tie_breaks.chosen(of.options)),
    ReportKind.TEST: lambda of: score_summary(of.cohort),
    ReportKind.ITEMS: lambda of: items(of.cohort),
    ReportKind.BEHAVIOUR: lambda of: behaviour(of.cohort, of.idle_ms, of.conduct),
    ReportKind.STUDENT: lambda of: students(of.cohort, of.idle_ms, of.conduct),
    ReportKind.INTEGRITY: lambda of: integrity(of.cohort, of.conduct),
    ReportKind.CALIBRATION: lambda of: calibration(of.cohort),
}

OF_LOGS = frozenset({ReportKind.BEHAVIOUR, ReportKind.STUDENT, ReportKind.INTEGRITY})
"""Kinds that need the logs; all others are made without reading them."""
