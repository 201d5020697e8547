"""Awaiting: everything that waits is started together, and completed in the order in which it arrives.

Completion goes on in the task that awaits the execution. A coroutine becomes a task of its own only when it is not
the only thing that is waited for; futures, as dataloaders give them, never do.
"""

from __future__ import annotations

from asyncio import Future, ensure_future, get_running_loop
from typing import TYPE_CHECKING, Any

from graphql import GraphQLError

from graphql_compiler.completing import complete_awaited
from graphql_compiler.errors import located
from graphql_compiler.kinds import PLAIN_OR_CALLABLE
from graphql_compiler.unfinished import Unfinished

if TYPE_CHECKING:
    from graphql_compiler.run import Run


class Failed(Exception):
    """A null reached the root: there is no data."""


Failure = tuple[Unfinished, GraphQLError]
"""A value that is null where no null may be, and why."""


async def settle(run: Run, top: Unfinished) -> None:
    """Wait until all parts of `top` are finished, or one of them failed with nothing nullable above it.

    Raises Failed then, and whatever an awaitable raises that is no Exception, such as CancelledError.
    """
    waiting = _Waiting()
    try:
        while not top.done:
            fresh = _wanted(run, top)
            if len(fresh) == 1 and not waiting.futures:
                failed = await _finish_alone(run, fresh[0])
                if failed is not None:
                    _null_above(run, top, *failed)
                continue
            for value in fresh:
                waiting.add(value)
            arrived = await waiting.arrived()
            if run.errors.told:
                arrived = [(future, value) for future, value in arrived if value.is_part_of(top)]
            # What arrived together is completed before any of it nulls what is above the others.
            failures = [failed for future, value in arrived if (failed := _finish_arrived(run, future, value))]
            for failed in failures:
                if failed[0].is_part_of(top):
                    _null_above(run, top, *failed)
    except Failed:
        raise  # as everywhere, what is under way may go on
    except BaseException:
        waiting.cancel()
        raise
    finally:
        waiting.forget()
        run.abandon_later()


def _wanted(run: Run, top: Unfinished) -> list[Unfinished]:
    """Return what was found to wait for; what nobody waits for any more is closed instead of started."""
    fresh, run.later = run.later, []
    if not run.errors.told:
        return fresh
    wanted = []
    for value in fresh:
        if value.is_part_of(top):
            wanted.append(value)
        else:
            value.abandon()
    return wanted


async def _finish_alone(run: Run, value: Unfinished) -> Failure | None:
    assert value.awaitable is not None
    try:
        result = await value.awaitable
    except Exception as error:
        return _failed(run, value, error)
    return _finish(run, value, result)


def _finish_arrived(run: Run, future: Future[Any], value: Unfinished) -> Failure | None:
    error = future.exception()  # raises CancelledError
    if error is None:
        return _finish(run, value, future.result())
    if isinstance(error, Exception):
        return _failed(run, value, error)
    raise error


def _finish(run: Run, value: Unfinished, result: Any) -> Failure | None:
    """Complete what was awaited; return the failure of a value that cannot be null."""
    try:
        if value.then is not None:
            completed = value.then(run, result, value.path)
        elif run.plan.kinds[type(result)] < PLAIN_OR_CALLABLE:
            completed = value.position.complete(run, result, value.path)
        else:
            completed = complete_awaited(run, value.position, result, value.path)
    except Exception as error:
        return _failed(run, value, error)
    if type(completed) is Unfinished:
        completed.take_place_of(value)
    else:
        value.container[value.key] = completed
        value.finish()
    return None


def _failed(run: Run, value: Unfinished, error: Exception) -> Failure | None:
    placed = located(error, value.position, value.path)
    if not value.position.nullable:
        return value, placed
    _null(run, value, placed)
    return None


def _null_above(run: Run, top: Unfinished, value: Unfinished, error: GraphQLError) -> None:
    """Null the nearest nullable value above. Raises Failed when there is none."""
    above = value.parent
    while above is not None and above is not top and not above.position.nullable:
        above = above.parent
    if above is None or above is top:
        top.done = True
        raise Failed from error
    _null(run, above, error)


def _null(run: Run, value: Unfinished, error: GraphQLError) -> None:
    run.errors.add(error, value.path)
    value.container[value.key] = None
    value.on_finish = None
    value.finish()


class _Waiting:
    """The futures that are waited for, with the values that each is for."""

    def __init__(self) -> None:
        self.futures: dict[Future[Any], list[Unfinished]] = {}
        self._arrived: list[Future[Any]] = []
        self._wake: Future[None] | None = None

    def add(self, value: Unfinished) -> None:
        """Start an awaitable."""
        assert value.awaitable is not None
        awaitable = value.awaitable
        future: Future[Any] = awaitable if isinstance(awaitable, Future) else ensure_future(awaitable)
        values = self.futures.get(future)
        if values is None:
            self.futures[future] = [value]
            future.add_done_callback(self._note)
        else:
            values.append(value)

    async def arrived(self) -> list[tuple[Future[Any], Unfinished]]:
        """Wait until something arrived; return all that did."""
        if not self._arrived:
            self._wake = get_running_loop().create_future()
            await self._wake
            self._wake = None
        arrived, self._arrived = self._arrived, []
        return [(future, value) for future in arrived for value in self.futures.pop(future)]

    def cancel(self) -> None:
        for future in self.futures:
            future.cancel()

    def forget(self) -> None:
        """Leave what is still under way to itself; nobody is told of its failure."""
        for future in self.futures:
            future.remove_done_callback(self._note)
            future.add_done_callback(_look_away)

    def _note(self, future: Future[Any]) -> None:
        self._arrived.append(future)
        if self._wake is not None and not self._wake.done():
            self._wake.set_result(None)


def _look_away(future: Future[Any]) -> None:
    if not future.cancelled():
        future.exception()
