"""Long work in steps: each is short, safe to do twice, and says from where the next one goes on.

The server does them one after another; a task of the queue saves the place in between, reports progress, and may
be stopped there or go on in another process. The work is the same function.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Self, TypeVar

from pydantic import JsonValue

from store.port import Entity, Namespace, Query
from tp.domain.value import Frozen

T = TypeVar("T")
R = TypeVar("R")

AT_A_TIME = 10
"""How many of a page are worked on at once."""


@dataclass(frozen=True, slots=True)
class Step:
    """Where the work stands: `done` of `total` units (`None`: not known), `next` to go on from (`None`: over)."""

    done: int
    total: int | None = None
    next: JsonValue = None


Work = Callable[[JsonValue], Awaitable[Step]]
"""Does one step from a place, `None` at the beginning."""


async def to_the_end(work: Work) -> Step:
    """Do all steps; return the last."""
    step = await work(None)
    while step.next is not None:
        step = await work(step.next)
    return step


class Failures:
    """Lets a work go on past what fails in it: the first failure is raised when all has been tried."""

    def __init__(self) -> None:
        self._met: list[Exception] = []

    def __len__(self) -> int:
        return len(self._met)

    async def of(self, part: Awaitable[int]) -> int:
        """Return what a part has done, 0 when it fails."""
        try:
            return await part
        except Exception as failure:
            self._met.append(failure)
            return 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        if self._met and raised[0] is None:
            raise self._met[0]


class Place(Frozen):
    """A place in a query: what `next` of most works is."""

    cursor: str | None = None
    done: int = 0
    total: int | None = None


async def page_step(
    store: Namespace, query: Query, at: JsonValue, do: Callable[[Sequence[Entity]], Awaitable[int]]
) -> Step:
    """Do with one page of `query`; `do` tells how many units that was."""
    place = Place.model_validate(at) if at is not None else Place(total=await store.count(query))
    page = await store.query(replace(query, cursor=place.cursor))
    done = place.done + await do(page.entities)
    if page.next is None:
        return Step(done, place.total)
    return Step(done, place.total, Place(cursor=page.next, done=done, total=place.total).model_dump(mode="json"))


async def each(do: Callable[[T], Awaitable[R]], items: Sequence[T]) -> list[R]:
    """Do with every item, some at once; one that fails keeps none from the rest, and is raised at the end."""
    results: list[R] = []
    failures: list[BaseException] = []
    for start in range(0, len(items), AT_A_TIME):
        some = items[start : start + AT_A_TIME]
        for outcome in await asyncio.gather(*map(do, some), return_exceptions=True):
            if isinstance(outcome, BaseException):
                failures.append(outcome)
            else:
                results.append(outcome)
    if failures:
        raise failures[0]
    return results
