"""Scoring again: every result of a test under its newest key, and whose total moved.

A result carries its total under the version before: the difference is the same however often a step is done.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from pydantic import JsonValue

from store.errors import BadCursor
from store.paging import every
from store.port import KEY, Entity, Namespace, Put, Query, Range
from tp.domain.attempt import AttemptState
from tp.domain.correction import ScoreChange
from tp.services.grading.grade import GradingService
from tp.services.jobs import JobService
from tp.services.listing import Listing
from tp.services.steps import Place, Step, Work, each, page_step
from tp.tables import ATTEMPTS, CHANGES, ChangePage, Job, Result, part_id

CHUNK = 100


class RescoreService:
    def __init__(self, grading: GradingService, jobs: JobService) -> None:
        self._grading = grading
        self._jobs = jobs

    async def all_of(self, store: Namespace, test_id: str) -> tuple[int, list[ScoreChange]]:
        """Bring every result of a test under its newest key; return how many, and whose total moved."""
        scored, changes = 0, []
        async for entity in every(store, _graded(test_id)):
            result = await self._grading.grade(store, entity.key.id)
            if result is not None:
                scored += 1
                changes += changes_of([result])
        return scored, changes

    def work(self, store: Namespace, test_id: str) -> Work:
        """Return the same as work in steps, of which nobody is told."""

        async def rescore(page: Sequence[Entity]) -> int:
            return len(await self._grade(store, page))

        return partial(page_step, store, _graded(test_id), do=rescore)

    def of_job(self, store: Namespace, job: Job) -> Work:
        """Return the same as a job, which keeps the changes a page a step."""

        async def step(at: JsonValue) -> Step:
            number = Place.model_validate(at or {}).done

            async def rescore(page: Sequence[Entity]) -> int:
                changes = tuple(changes_of(await self._grade(store, page)))
                if changes:
                    kept = ChangePage(job_id=job.id, number=number, changes=changes)
                    await store.commit([Put(CHANGES.entity(kept))])
                return len(page)

            done = await page_step(store, _graded(job.test_id), at, rescore)
            if done.next is None:
                await self._jobs.finish(store, job.id, scored=done.done)
            return done

        return step

    async def _grade(self, store: Namespace, page: Sequence[Entity]) -> list[Result]:
        graded = await each(partial(self._grading.grade, store), [entity.key.id for entity in page])
        return [result for result in graded if result is not None]


def changes_of(results: Sequence[Result]) -> list[ScoreChange]:
    """Return the results whose total is not what it was under the key version before."""
    return [
        ScoreChange(
            attempt_id=result.attempt_id,
            student_id=result.student_id,
            before=result.previous_total,
            after=result.score.total.marks,
        )
        for result in results
        if result.previous_total is not None and result.previous_total != result.score.total.marks
    ]


async def changes_kept(store: Namespace, job: Job, cursor: str | None, limit: int) -> Listing[ScoreChange]:
    """Return changes that a job has found so far; a cursor is `page.place` of the last that was read."""
    number, place = _place(cursor)
    within = Range(KEY, part_id(job.id, number), f"{job.id}:~")
    items: list[ScoreChange] = []
    cursors: list[str] = []
    async for entity in every(store, Query(CHANGES.kind.name, range=within, limit=10)):
        page = CHANGES.record(entity)
        for index, change in enumerate(page.changes):
            if page.number == number and index < place:
                continue
            if len(items) == limit:
                return Listing(tuple(items), tuple(cursors), cursors[-1] if cursors else None)
            items.append(change)
            cursors.append(f"{page.number}.{index + 1}")
    return Listing(tuple(items), tuple(cursors), None)


def _place(cursor: str | None) -> tuple[int, int]:
    number, _, place = (cursor or "0.0").partition(".")
    if not (number.isascii() and number.isdigit() and place.isascii() and place.isdigit() and len(number) <= 6):
        raise BadCursor("not a cursor of this list")
    return int(number), int(place[:6])


def _graded(test_id: str) -> Query:
    where = {"test": test_id, "state": AttemptState.GRADED}
    return Query(ATTEMPTS.kind.name, where=where, limit=CHUNK, keys_only=True)
