"""Awaiting: everything that waits is started together, and completed in the order in which it arrives.

Completion goes on in the task that awaits the execution. A coroutine becomes a task of its own only when it is not
the only thing that is waited for; futures, as dataloaders give them, never do.
"""

from __future__ import annotations

from asyncio import Future, ensure_future, get_running_loop
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from graphql_compiler.completing import complete_awaited
from graphql_compiler.errors import located
from graphql_compiler.unfinished import Unfinished

if TYPE_CHECKING:
    from graphql_compiler.run import Run


class Failed(Exception):
    """A null reached the root: there is no data."""


async def settle(run: Run, top: Unfinished) -> None:
    """Wait until all parts of `top` are finished, or one of them failed with nothing nullable above it.

    Raises Failed then, and whatever an awaitable raises that is no Exception, such as CancelledError.
    """
    waiting = _Waiting()
    try:
        while not top.done:
            fresh = _started_anew(run, top)
            if len(fresh) == 1 and not waiting.futures:
                await _finish_alone(run, top, fresh[0])
                continue
            for value in fresh:
                waiting.add(value)
            for future, value in await waiting.arrived():
                if value.is_part_of(top):
                    _finish_arrived(run, top, future, value)
    except BaseException:
        waiting.cancel()
        raise
    finally:
        waiting.forget()


def _started_anew(run: Run, top: Unfinished) -> list[Unfinished]:
    """Return what was found to wait for; what nobody waits for any more is closed instead of started."""
    fresh, run.later = run.later, []
    if not run.errors.told:
        return fresh
    wanted = []
    for value in fresh:
        if value.is_part_of(top):
            wanted.append(value)
        elif isinstance(value.awaitable, Coroutine):
            value.awaitable.close()
    return wanted


async def _finish_alone(run: Run, top: Unfinished, value: Unfinished) -> None:
    assert value.awaitable is not None
    try:
        result = await value.awaitable
    except Exception as error:
        _fail(run, top, value, error)
    else:
        _finish(run, top, value, result)


def _finish_arrived(run: Run, top: Unfinished, future: Future[Any], value: Unfinished) -> None:
    error = future.exception()  # raises CancelledError
    if error is None:
        _finish(run, top, value, future.result())
    elif isinstance(error, Exception):
        _fail(run, top, value, error)
    else:
        raise error


def _finish(run: Run, top: Unfinished, value: Unfinished, result: Any) -> None:
    assert value.position is not None
    try:
        if value.then is None:
            completed = complete_awaited(run, value.position, result, value.path)
        else:
            completed = value.then(run, result, value.path)
    except Exception as error:
        _fail(run, top, value, error)
        return
    if type(completed) is Unfinished:
        completed.take_place_of(value)
    else:
        value.container[value.key] = completed
        value.finish()


def _fail(run: Run, top: Unfinished, value: Unfinished, error: Exception) -> None:
    """Null the nearest nullable value, `value` or above. Raises Failed when there is none."""
    assert value.position is not None
    placed = located(error, value.position, value.path)
    nullable: Unfinished | None = value
    while nullable is not None and nullable is not top and not nullable.position.nullable:  # type: ignore[union-attr]
        nullable = nullable.parent
    if nullable is None or nullable is top:
        top.done = True
        raise Failed from placed
    run.errors.add(placed, nullable.path)
    nullable.container[nullable.key] = None
    nullable.on_finish = None
    nullable.finish()


class _Waiting:
    """The futures that are waited for, with the values that each is for."""

    def __init__(self) -> None:
        self.futures: dict[Future[Any], list[Unfinished]] = {}
        self._arrived: list[Future[Any]] = []
        self._wake: Future[None] | None = None

    def add(self, value: Unfinished) -> None:
        """Start an awaitable."""
        assert value.awaitable is not None
        future: Future[Any] = ensure_future(value.awaitable)
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
