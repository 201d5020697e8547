"""Optimistic units of work: reads remember versions, and the commit holds only if all are unchanged."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from store.errors import Conflict
from store.kinds import Kinds
from store.limits import check_lookup
from store.port import Entity, Key
from store.sqlite.changes import Stale
from store.sqlite.readers import Readers
from store.sqlite.reading import Versioned, lookup_at_one_point
from store.writes import Writes


class SqliteTransaction(Writes):
    """One run of a unit of work. Its reads do not see its own writes, as in Datastore."""

    def __init__(self, path: Path, readers: Readers, kinds: Kinds, attempt: int) -> None:
        super().__init__()
        self.stale = False
        self.seen: dict[Key, int | None] = {}
        self._path = path
        self._readers = readers
        self._kinds = kinds
        self._attempt = attempt

    async def get(self, key: Key) -> Entity | None:
        return (await self.get_many([key]))[0]

    async def get_many(self, keys: Sequence[Key]) -> list[Entity | None]:
        """Return entities as of one point with all earlier reads; raise Conflict when that point is gone.

        The unit of work is then run again, whatever it makes of the Conflict.
        """
        check_lookup(keys, self._kinds)
        seen = dict(self.seen)
        nothing: dict[Key, Versioned] = dict.fromkeys(keys, (None, None))
        try:
            found = await self._readers.run(
                self._path,
                lambda connection: lookup_at_one_point(connection, keys, seen),
                nothing,
                rows=len(keys) + len(seen),
            )
        except Stale:
            self.stale = True
            raise Conflict(self._attempt) from None
        for key, (version, _) in found.items():
            if self.seen.setdefault(key, version) != version:
                self.stale = True
                raise Conflict(self._attempt)
        return [found[key][1] for key in keys]
