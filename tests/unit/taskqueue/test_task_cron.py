from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskqueue import cron
from taskqueue.errors import Refused

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
CRONS = st.sampled_from(["* * * * *", "*/7 * * * *", "30 2 * * *", "0 0 1 * *", "0 9 * * MON", "15 10 29 2 *"])
ZONES = st.sampled_from(["UTC", "Asia/Kolkata", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
INSTANTS = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))


@given(CRONS, ZONES, INSTANTS)
def test_the_newest_instant_is_one_that_came_and_the_next_is_behind_it(expression: str, zone: str, now: datetime):
    newest, following = cron.newest_until(expression, zone, now), cron.next_after(expression, zone, now)
    assert newest <= now < following
    assert cron.next_after(expression, zone, newest) == following


@pytest.mark.parametrize("micro", [0, 1, 999_999])
def test_an_instant_that_is_now_has_come(micro: int):
    now = NOON + timedelta(microseconds=micro)
    assert cron.newest_until("0 12 * * *", "UTC", now) == NOON
    assert cron.newest_until("0 12 * * *", "UTC", NOON - timedelta(microseconds=1)) == NOON - timedelta(days=1)


def test_a_schedule_follows_the_clocks_of_its_zone():
    winter = cron.next_after("30 9 * * *", "Europe/Berlin", datetime(2026, 3, 27, 12, tzinfo=UTC))
    summer = cron.next_after("30 9 * * *", "Europe/Berlin", datetime(2026, 3, 28, 12, tzinfo=UTC))
    assert (winter, summer) == (
        datetime(2026, 3, 28, 8, 30, tzinfo=UTC),
        datetime(2026, 3, 29, 7, 30, tzinfo=UTC),
    )


def test_an_hour_that_a_change_of_clocks_leaves_out_is_due_once_all_the_same():
    at, due = datetime(2026, 3, 28, 12, tzinfo=UTC), []
    for _ in range(2):
        at = cron.next_after("30 2 * * *", "Europe/Berlin", at)
        due.append(at)
    assert [each.date().day for each in due] == [29, 30]


@pytest.mark.parametrize(
    "expression", ["", "* * * *", "* * * * * *", "61 * * * *", "0 0 31 2 *", "@daily", "a b c d e"]
)
def test_an_expression_that_means_nothing_is_refused(expression: str):
    with pytest.raises(Refused) as refused:
        cron.check(expression, "UTC")
    assert [problem.code for problem in refused.value.problems] == ["CRON_INVALID"]


@pytest.mark.parametrize("zone", ["", "Nowhere", "America", "../UTC", "/etc/localtime", "UTC\0"])
def test_a_zone_that_is_none_is_refused(zone: str):
    with pytest.raises(Refused) as refused:
        cron.check("* * * * *", zone)
    assert [problem.code for problem in refused.value.problems] == ["UNKNOWN_ZONE"]
