"""When a schedule is due: pure rules over cron expressions and time zones.

Across a change of clocks it follows Debian's cron, as `cronsim` does: nothing is skipped in spring or doubled in
autumn unless it runs every hour anyway.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from taskqueue.errors import Problem, Refused

FIELDS = 5


def check(cron: str, zone: str) -> None:
    """Raise Refused for an expression or a zone that means nothing, or an expression that is never due."""
    problems = []
    if _zone(zone) is None:
        problems.append(Problem(("zone",), "UNKNOWN_ZONE", f"no time zone of the IANA database: {zone!r}"))
    flaw = _flaw(cron)
    if flaw is not None:
        problems.append(Problem(("cron",), "CRON_INVALID", flaw))
    if problems:
        raise Refused(problems)


def next_after(cron: str, zone: str, at: datetime) -> datetime:
    """Return the first instant after `at` at which the schedule is due."""
    return next(CronSim(cron, _local(zone, at))).astimezone(UTC)


def newest_until(cron: str, zone: str, now: datetime) -> datetime:
    """Return the last instant, `now` included, at which the schedule was due."""
    behind = now.replace(microsecond=0) + timedelta(seconds=1)  # looking back begins before the instant given
    return next(CronSim(cron, _local(zone, behind), reverse=True)).astimezone(UTC)


def _flaw(cron: str) -> str | None:
    if len(cron.split()) != FIELDS:
        return f"not {FIELDS} fields"
    try:
        next(CronSim(cron, datetime(2000, 1, 1, tzinfo=UTC)))
    except (CronSimError, StopIteration) as error:
        return str(error) or "never due"
    return None


def _local(zone: str, at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(zone))


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None
