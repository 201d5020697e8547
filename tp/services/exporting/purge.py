"""Purging a suspended tenant: what is kept here, what other services keep, and at last the tenant itself.

The tenant's own record is what nobody can lose: once it says PURGING, every pass of a server goes on with it,
whoever began. Its name is free only when nothing is left anywhere, so that no later tenant of that name finds, or
loses, what was another's.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog
from pydantic import JsonValue

from store.clearing import clear
from store.port import Namespace, Query
from tenants.errors import TenantUnknown
from tenants.registry import TenantRegistry
from tp.clients.analysis import AnalysisClient
from tp.clients.errors import AnalysisError, TaskQueueError
from tp.clients.taskqueue import TaskQueueClient
from tp.domain.value import Frozen
from tp.errors import PurgeDelayed
from tp.services.kept import KINDS
from tp.services.steps import Step, Work
from tp.tasks.payloads import TaskType

CHUNK = 400
A_PASS = 10_000
"""Entities after which a server's pass leaves the rest to its next one: other tenants wait for it."""

_log = structlog.stdlib.get_logger("tp.purge")


class Place(Frozen):
    """`clean`: how many kinds in a row were found empty; a write that was under way may have filled one again.
    `elsewhere`: how many of the other services have nothing left."""

    kind: int = 0
    clean: int = 0
    elsewhere: int = 0
    done: int = 0


class Remains(Frozen):
    """What one request to another service deleted, and whether it has more."""

    deleted: int
    more: bool


Elsewhere = Callable[[str], Awaitable[Remains]]
"""Have another service delete some of what it keeps for a tenant. Raises PurgeDelayed."""


class TenantPurging:
    """`queue` and `analysis`: the services that keep something for tenants, as far as there are such."""

    def __init__(
        self, registry: TenantRegistry, queue: TaskQueueClient | None, analysis: AnalysisClient | None
    ) -> None:
        self._registry = registry
        # The queue first: what makes reports has to have ended before they are deleted.
        self._elsewhere: list[Elsewhere] = []
        if queue is not None:
            self._elsewhere.append(_of_queue(queue))
        if analysis is not None:
            self._elsewhere.append(_of_analysis(analysis))

    def work(self, slug: str) -> Work:
        """Return the work of removing a tenant. Its steps raise TenantActive unless it is suspended, PurgeDelayed.

        A tenant that is gone already is no error: an attempt that was not heard of again may have done the work.
        """

        async def step(at: JsonValue) -> Step:
            place = Place.model_validate(at or {})
            try:
                behind = await self._behind(slug, await self._registry.condemn(slug), place)
                if behind is None:
                    await self._registry.remove(slug)
            except TenantUnknown:
                behind = None
            if behind is None:
                return Step(place.done)
            return Step(behind.done, None, behind.model_dump(mode="json"))

        return step

    async def go_on(self, slug: str) -> None:
        """Do some of a purge that was begun; what is delayed is told in the log."""
        work = self.work(slug)
        try:
            step = await work(None)
            while step.next is not None and step.done < A_PASS:
                step = await work(step.next)
        except PurgeDelayed as delayed:
            _log.warning("purge delayed", tenant=slug, reason=delayed.reason)

    async def _behind(self, slug: str, store: Namespace, place: Place) -> Place | None:
        """Do one step at a place; return the next, `None` when nothing is left."""
        if place.clean < len(KINDS):
            deleted = await clear(store, Query(KINDS[place.kind].name, limit=CHUNK))
            if deleted:
                return place.model_copy(update={"clean": 0, "done": place.done + deleted})
            return place.model_copy(update={"kind": (place.kind + 1) % len(KINDS), "clean": place.clean + 1})
        if place.elsewhere == len(self._elsewhere):
            return None
        told = await self._elsewhere[place.elsewhere](slug)
        done = place.done + told.deleted
        if told.more:
            return place.model_copy(update={"done": done})
        # What ran until now may have written here.
        return Place(elsewhere=place.elsewhere + 1, done=done)


def _of_queue(queue: TaskQueueClient) -> Elsewhere:
    async def purge(slug: str) -> Remains:
        try:
            told = await queue.purge(slug, spare=TaskType.PURGE_TENANT)
        except TaskQueueError as error:
            raise PurgeDelayed(slug, str(error)) from error
        if told.running and not told.more:
            raise PurgeDelayed(slug, f"{told.running} of its tasks have been asked to stop, and still run")
        return Remains(deleted=told.deleted, more=told.more)

    return purge


def _of_analysis(analysis: AnalysisClient) -> Elsewhere:
    async def purge(slug: str) -> Remains:
        try:
            told = await analysis.purge(slug)
        except AnalysisError as error:
            raise PurgeDelayed(slug, str(error)) from error
        return Remains(deleted=told.deleted, more=told.more)

    return purge
