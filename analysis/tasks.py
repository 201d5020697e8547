"""The handler `analysis.report`: what a report is about is pulled, each kind is computed and kept, and the
standings go back to where the tests are.

Every stage may be done twice: a report that is made anew writes the same under the same keys.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import polars as pl
from pydantic import JsonValue

from analysis import archive
from analysis.contract import ReportKind, ReportState, Section, Standing
from analysis.desk import TASK_TYPE, Make, change
from analysis.frames import INSTANT, Cohort
from analysis.pulling.errors import Gone, Regraded, SourceRefused
from analysis.pulling.source import Pulled, Source
from analysis.registry import OF_LOGS, REPORTS, Subject
from analysis.reports.standings import standing
from analysis.tables import REPORTS as KEPT
from analysis.tables import Report, namespace
from store.loop_thread import LoopThread
from store.port import Namespace, Store
from taskqueue.contract import Context, GiveUp, Handler, Weight
from trust.clock import Clock

TIMEOUT_SECONDS = 60 * 60
MAX_ATTEMPTS = 6
STANDINGS_A_PAGE = 500

GONE = "A test of this report is not there any more."
NOT_LET_IN = "The analysis service may not read this test. Ask your administrator to look at its connection."
STILL_GRADING = (
    "Marks of this test were being changed all the time. Ask for the report once more when that is over."
)


@dataclass(frozen=True, slots=True)
class Works:
    """What a process that makes reports has open. `source` is opened for each report, and closed after it."""

    loop: LoopThread
    store: Store
    source: Callable[[], Source]
    clock: Clock


def handlers(works: Callable[[], Works]) -> list[Handler]:
    """Return the handlers over what is asked for when a task is done, and not before."""
    run = partial(_run, works)
    return [Handler(TASK_TYPE, Make, run, Weight.HEAVY, MAX_ATTEMPTS, TIMEOUT_SECONDS)]


def _run(works: Callable[[], Works], context: Context, payload: Make) -> JsonValue:
    opened = works()
    store = opened.store.namespace(namespace(context.tenant))
    report = KEPT.found(opened.loop.run(store.get(KEPT.key(payload.report_id))))
    if report is None:
        raise GiveUp("The report is not there any more.")
    if not report.over:
        with opened.source() as source:
            try:
                _Making(opened, store, context, source).make(report)
            except Gone as error:
                raise GiveUp(GONE) from error
            except SourceRefused as error:
                context.log.error("the test platform refused", status=error.status, detail=error.detail)
                raise GiveUp(NOT_LET_IN) from error
            except Regraded as error:
                if context.attempt >= MAX_ATTEMPTS:
                    raise GiveUp(STILL_GRADING) from error
                raise
    return {"reportId": report.id}


@dataclass(frozen=True, slots=True)
class _Making:
    """One attempt at one report."""

    works: Works
    store: Namespace
    context: Context
    source: Source

    def make(self, report: Report) -> None:
        """Go through the stages: pull, compute each kind, write back, done. Raises what pulling raises."""
        kinds = list(dict.fromkeys(report.request.kinds))
        logs = OF_LOGS.intersection(kinds)
        stages = len(kinds) + 3 + bool(logs)
        self._stage(report, 0, stages, "reading the attempts")
        asked = report.request.tenant, report.request.test_ids, self.context.check
        pulled = self.source.pull(*asked)
        cohort = of_groups(pulled.cohort, report.request.options.groups)
        events = self.source.events(*asked)
        if report.request.options.client_clock:
            events = map(by_clients, events)
        subject, rows = Subject(cohort, report.request.options, events), archive.no_rows()
        if logs:
            self._stage(report, 1, stages, "reading the logs")
            subject.work_through_logs()
        for place, kind in enumerate(kinds, 1 + bool(logs)):
            self._stage(report, place, stages, f"computing {kind.lower()}")
            section = REPORTS[kind](subject)
            self.works.loop.run(archive.put_section(self.store, report.id, kind, section))
            archive.gather(rows, kind, section)
            if kind is ReportKind.STANDINGS and not report.request.options.groups:
                self._stage(report, place, stages, "telling standings")
                self._write_back(report, cohort, section, pulled.key_versions)
        self._stage(report, stages - 2, stages, "keeping the students' pages")
        self.works.loop.run(archive.put_students(self.store, report.id, rows))
        self._end(report, kinds, cohort, pulled)
        self.context.progress(stages, stages, "ready")

    def _stage(self, report: Report, done: int, total: int, message: str) -> None:
        self.context.check()
        self.context.progress(done, total, message)
        update = {"state": ReportState.RUNNING, "stage": message, "progress": done / total}
        self.works.loop.run(change(self.store, report.id, update))

    def _write_back(self, report: Report, cohort: Cohort, section: Section, versions: dict[str, int]) -> None:
        of_attempt = dict(cohort.attempts.select("attempt", "test").iter_rows())
        for test_id in report.request.test_ids:
            mine = [standing(row) for row in section["rows"] if of_attempt[row["attemptId"]] == test_id]
            for part, last in pages(mine):
                self.context.check()
                self.source.put_standings(report.request.tenant, test_id, report.id, versions[test_id], part, last)

    def _end(self, report: Report, kinds: Sequence[ReportKind], cohort: Cohort, pulled: Pulled) -> None:
        update = {
            "state": ReportState.READY,
            "stage": None,
            "progress": 1.0,
            "sections": tuple(kinds),
            "key_versions": pulled.key_versions,
            "titles": pulled.titles,
            "students": cohort.attempts["student"].n_unique(),
            "ready_at": self.works.clock(),
        }
        self.works.loop.run(change(self.store, report.id, update))


def of_groups(cohort: Cohort, groups: Sequence[str]) -> Cohort:
    """Return the part of a cohort that is in any of the groups; without groups all of it."""
    if not groups:
        return cohort
    attempts = cohort.attempts.filter(pl.col("groups").list.eval(pl.element().is_in(list(groups))).list.any())
    kept = attempts.select("attempt")
    return Cohort(
        cohort.questions,
        attempts,
        cohort.responses.join(kept, on="attempt", how="semi", maintain_order="left"),
        cohort.events.join(kept, on="attempt", how="semi", maintain_order="left"),
    )


def by_clients(events: pl.DataFrame) -> pl.DataFrame:
    """Return events that nobody has received at any instant: nothing contradicts the clients' clocks."""
    return events.with_columns(pl.lit(None, INSTANT).alias("received_at"))


def pages(standings: Sequence[Standing]) -> Iterator[tuple[Sequence[Standing], bool]]:
    """Yield pages to write back, each with whether it is the last; an empty one when there is nobody."""
    for start in range(0, max(len(standings), 1), STANDINGS_A_PAGE):
        yield standings[start : start + STANDINGS_A_PAGE], start + STANDINGS_A_PAGE >= len(standings)
