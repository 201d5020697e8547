from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from cohorts import Plan, planted

from analysis.contract import Section
from analysis.frames import Cohort
from analysis.reports.calibration import calibration
from analysis.reports.items import items
from analysis.reports.score_summary import score_summary
from analysis.reports.standings import standings


def shuffled(cohort: Cohort) -> Cohort:
    """Return the same facts in another order, as another page size of the export would bring them."""
    frames = (cohort.questions, cohort.attempts, cohort.responses, cohort.events)
    return Cohort(*(frame.sample(fraction=1, shuffle=True, seed=7) for frame in frames))


@pytest.mark.parametrize("report", [standings, score_summary, items, calibration])
def test_a_report_does_not_depend_on_the_order_of_rows(report: Callable[[Cohort], Section]) -> None:
    cohort = planted(Plan(students=120, events=False)).cohort
    one, other = report(cohort), report(shuffled(cohort))
    if report is standings:
        assert one["rows"] == other["rows"]
    else:
        assert json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
