"""Which function makes which kind of report, over one cohort whose logs are worked through once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property

from analysis.contract import ReportKind, ReportOptions, Section
from analysis.frames import Cohort
from analysis.reports.behaviour import behaviour
from analysis.reports.calibration import calibration
from analysis.reports.conduct import Conduct, conduct
from analysis.reports.integrity import integrity
from analysis.reports.items import items
from analysis.reports.score_summary import score_summary
from analysis.reports.standings import standings
from analysis.reports.student import students


class Subject:
    """What reports are made of: a cohort, how they are wanted, and what several of them need alike."""

    def __init__(self, cohort: Cohort, options: ReportOptions) -> None:
        self.cohort = cohort
        self.options = options

    @property
    def idle_ms(self) -> int:
        return self.options.idle_seconds * 1000

    @cached_property
    def conduct(self) -> Conduct:
        return conduct(self.cohort, self.idle_ms)


Make = Callable[[Subject], Section]

REPORTS: Mapping[ReportKind, Make] = {
    ReportKind.STANDINGS: lambda of: standings(of.cohort, of.options.tie_breaks),
    ReportKind.TEST: lambda of: score_summary(of.cohort),
    ReportKind.ITEMS: lambda of: items(of.cohort),
    ReportKind.BEHAVIOUR: lambda of: behaviour(of.cohort, of.idle_ms, of.conduct),
    ReportKind.STUDENT: lambda of: students(of.cohort, of.idle_ms, of.conduct),
    ReportKind.INTEGRITY: lambda of: integrity(of.cohort, of.conduct),
    ReportKind.CALIBRATION: lambda of: calibration(of.cohort),
}
