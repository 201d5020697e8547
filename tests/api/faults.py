"""A store that fails as a store may by its port: a real one, with faults put in its way."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from enum import Enum, auto
from typing import TypeVar

from store.errors import OutcomeUnknown, Unavailable
from store.port import Entity, Key, Mutation, Namespace, Page, Query, Store, Transaction

T = TypeVar("T")


class Fault(Enum):
    """ABORTED, LATE and LOST befall writes, AWAY everything.

    ABORTED: a unit of work is run again, because its first commit was refused. LATE: the commit is made and its
    answer does not come. LOST: neither is. AWAY: the store cannot be reached.
    """

    NONE = auto()
    ABORTED = auto()
    LATE = auto()
    LOST = auto()
    AWAY = auto()


class FaultyStore:
    """A sound store until it is told to fail."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._in_turn: deque[Fault] = deque()
        self._otherwise: Callable[[], Fault] = lambda: Fault.NONE

    def fail_always(self, fault: Fault) -> None:
        self._otherwise = lambda: fault

    def fail_in_turn(self, *faults: Fault) -> None:
        """Meet each of the faults once, one an operation."""
        self._in_turn = deque(faults)

    def fail_as_told(self, choose: Callable[[], Fault]) -> None:
        """Ask before each operation which fault it meets."""
        self._otherwise = choose

    def meet(self, *, writes: bool) -> Fault:
        """Return what befalls the operation that begins. Raises Unavailable."""
        fault = self._in_turn[0] if self._in_turn else self._otherwise()
        if fault is not Fault.AWAY and not writes:
            return Fault.NONE
        if self._in_turn:
            self._in_turn.popleft()
        if fault is Fault.AWAY:
            raise Unavailable("the store is away")
        return fault

    def namespace(self, name: str) -> FaultyNamespace:
        return FaultyNamespace(self, self._store.namespace(name))

    async def ready(self) -> None:
        self.meet(writes=False)
        await self._store.ready()

    async def close(self) -> None:
        await self._store.close()


class FaultyNamespace:
    """A namespace of a faulty store."""

    def __init__(self, store: FaultyStore, sound: Namespace) -> None:
        self._store = store
        self._sound = sound

    @property
    def name(self) -> str:
        return self._sound.name

    async def get(self, key: Key) -> Entity | None:
        self._store.meet(writes=False)
        return await self._sound.get(key)

    async def get_many(self, keys: Sequence[Key]) -> list[Entity | None]:
        self._store.meet(writes=False)
        return await self._sound.get_many(keys)

    async def query(self, query: Query) -> Page:
        self._store.meet(writes=False)
        return await self._sound.query(query)

    async def count(self, query: Query) -> int:
        self._store.meet(writes=False)
        return await self._sound.count(query)

    async def commit(self, mutations: Sequence[Mutation]) -> None:
        fault = self._store.meet(writes=True)
        if fault is not Fault.LOST:
            await self._sound.commit(mutations)
        _answer(fault)

    async def transact(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        fault = self._store.meet(writes=True)
        if fault in (Fault.ABORTED, Fault.LOST):
            await self._run_in_vain(work)
        if fault is not Fault.LOST:
            result = await self._sound.transact(work)
        _answer(fault)
        return result

    async def _run_in_vain(self, work: Callable[[Transaction], Awaitable[object]]) -> None:
        async def work_and_abort(transaction: Transaction) -> None:
            await work(transaction)
            raise _Aborted

        with suppress(_Aborted):
            await self._sound.transact(work_and_abort)


class _Aborted(Exception):
    """Drops the writes of a unit of work that has been run."""


def _answer(fault: Fault) -> None:
    if fault in (Fault.LATE, Fault.LOST):
        raise OutcomeUnknown("the commit got no answer in time")
