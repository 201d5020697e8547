"""What a report is asked about: some groups of a cohort, or times by the clients' own clocks."""

from __future__ import annotations

from analysis.frames import Cohort
from analysis.tasks import by_clients, of_groups, pages


def test_a_report_of_groups_is_about_their_attempts_and_nothing_else(cohort: Cohort) -> None:
    part = of_groups(cohort, ["12-A"])

    groups = part.attempts["groups"].to_list()
    assert 0 < part.attempts.height < cohort.attempts.height
    assert all("12-A" in each for each in groups)
    of = set(part.attempts["attempt"])
    assert set(part.responses["attempt"]) == of == set(part.events["attempt"])
    assert of_groups(cohort, ["nobody's"]).attempts.is_empty()
    assert of_groups(cohort, []) is cohort


def test_by_the_clients_clocks_nothing_says_when_events_were_received(cohort: Cohort) -> None:
    events = by_clients(cohort.events)

    assert events["received_at"].null_count() == events.height == cohort.events.height
    assert events.schema == cohort.events.schema


def test_nobody_s_standings_are_one_empty_page_that_is_the_last() -> None:
    assert list(pages([])) == [([], True)]
