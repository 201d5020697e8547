"""Awaitables that are let through one at a time, so that two executors see what they wait for end in one order.

Which of the awaitables ends first decides which error nulls a parent and which then count no more. Here each one
that is not ready waits at a gate, and a gate opens when nothing else can run.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from inspect import isawaitable
from typing import Any, TypeVar

T = TypeVar("T")


class CountingLoop(asyncio.SelectorEventLoop):
    """Counts what was scheduled to run, to tell when nothing else is."""

    scheduled = 0

    def call_soon(self, *args: Any, **kwargs: Any) -> asyncio.Handle:
        self.scheduled += 1
        return super().call_soon(*args, **kwargs)


@dataclass
class Gates:
    """`seed` decides in which order gates open; `trace` is what happened, in its order."""

    seed: int
    trace: list[Any] = field(default_factory=list)
    _waiting: dict[str, asyncio.Future[None]] = field(default_factory=dict)
    _names: Counter[str] = field(default_factory=Counter)

    def note(self, *facts: Any) -> None:
        self.trace.append(facts)

    async def wait(self, owner: str) -> None:
        self._names[owner] += 1
        name = f"{owner} {self._names[owner]}"
        self.note("begins", name)
        self._waiting[name] = asyncio.get_running_loop().create_future()
        await self._waiting[name]

    def open_one(self) -> bool:
        """Open a gate; `False` when nobody waits."""
        if not self._waiting:
            return False
        name = min(self._waiting, key=lambda name: random.Random(f"{self.seed} {name}").random())
        gate = self._waiting.pop(name)
        if not gate.done():  # an executor may have cancelled who waited
            self.note("goes on", name)
            gate.set_result(None)
        return True


def run(start: Callable[[], Any], gates: Gates, tell: Callable[[Any], T]) -> T:
    """Tell of what `start` returns, or of what it leads to once all gates on the way were opened."""
    with asyncio.Runner(loop_factory=CountingLoop) as runner:
        runner.get_loop().set_exception_handler(lambda *_: None)  # errors that come when nobody asks any more
        return runner.run(_drive(start, gates, tell))


async def _drive(start: Callable[[], Any], gates: Gates, tell: Callable[[Any], T]) -> T:
    started = start()
    if not isawaitable(started):
        return tell(started)
    task = asyncio.ensure_future(started)
    await _settle()
    while not task.done() and gates.open_one():
        await _settle()
    assert task.done(), "it waits for nothing"
    told, happened = tell(task.result()), list(gates.trace)
    while gates.open_one():
        await _settle()
    gates.trace = happened  # what ends after the answer is nobody's concern
    return told


async def _settle() -> None:
    """Return when nothing but this can run."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, CountingLoop)
    quiet = 0
    while quiet < 2:
        before = loop.scheduled
        await asyncio.sleep(0)
        quiet = quiet + 1 if loop.scheduled == before + 1 else 0
