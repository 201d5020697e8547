"""What is frozen at publishing, kept in the process: papers and answer keys never change, so neither do copies.

Papers are on the student's path, keys are not: the two have caches of their own and no method returns both.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Generic, TypeVar

from pydantic import BaseModel

from store.port import Namespace
from store.records import Table
from tp.domain.paper import AnswerKey, Paper
from tp.errors import NotFound
from tp.tables import ANSWER_KEYS, PAPERS, version_id

M = TypeVar("M", bound=BaseModel)


class FrozenCache(Generic[M]):
    """The last `size` immutable records read, by namespace and id."""

    def __init__(self, table: Table[M], size: int) -> None:
        self._table = table
        self._size = size
        self._held: OrderedDict[tuple[str, str], M] = OrderedDict()

    def held(self, store: Namespace, id: str) -> M | None:
        """Return the record when it is in the process, without a read."""
        record = self._held.get((store.name, id))
        if record is not None:
            self._held.move_to_end((store.name, id))
        return record

    def hold(self, store: Namespace, id: str, record: M) -> M:
        """Keep a record that was read or written elsewhere."""
        self._held[store.name, id] = record
        while len(self._held) > self._size:
            self._held.popitem(last=False)
        return record

    async def get(self, store: Namespace, id: str) -> M:
        """Return the record. Raises NotFound when the store has none."""
        held = self.held(store, id)
        if held is not None:
            return held
        record = self._table.found(await store.get(self._table.key(id)))
        if record is None:
            raise NotFound(id)
        return self.hold(store, id, record)


class PublishedPapers:
    """Papers and answer keys of published tests, by test and version."""

    def __init__(self, size: int = 64) -> None:
        self.papers: FrozenCache[Paper] = FrozenCache(PAPERS, size)
        self._keys: FrozenCache[AnswerKey] = FrozenCache(ANSWER_KEYS, size)

    async def paper(self, store: Namespace, test_id: str, version: int) -> Paper:
        return await self.papers.get(store, version_id(test_id, version))

    async def answer_key(self, store: Namespace, test_id: str, version: int) -> AnswerKey:
        return await self._keys.get(store, version_id(test_id, version))
