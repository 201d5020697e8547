"""Records: pydantic models kept as entities, one unindexed JSON body beside the properties queries need."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Generic, TypeVar

from pydantic import BaseModel

from store.limits import is_id
from store.port import Entity, Key, Kind, Value

M = TypeVar("M", bound=BaseModel)

BODY = "body"
NOTHING = "-"


def nothing_indexed(_: BaseModel) -> Mapping[str, Value]:
    return {}


class Table(Generic[M]):
    """How one model is kept: its kind, its key, and the indexed copies of what it is queried by.

    The body is the truth; indexed properties are derived from it at every write and never read back.
    """

    def __init__(
        self,
        kind: Kind,
        model: type[M],
        *,
        id_of: Callable[[M], str],
        index: Callable[[M], Mapping[str, Value]] = nothing_indexed,
    ) -> None:
        self.kind = kind
        self.model = model
        self._id_of = id_of
        self._index = index

    def key(self, id: str) -> Key:
        return Key(self.kind.name, id)

    def asked(self, id: str) -> Key:
        """Return the key for an id that came from outside; for what can be no id, one under which nothing is."""
        return self.key(id if is_id(id) else NOTHING)

    def entity(self, record: M) -> Entity:
        """Return the entity that keeps `record`; `None` among indexed values is left out of the index."""
        indexed = {name: value for name, value in self._index(record).items() if value is not None}
        body = record.model_dump_json(exclude_none=True).encode()
        return Entity(self.key(self._id_of(record)), {**indexed, BODY: body})

    def record(self, entity: Entity) -> M:
        """Return the record in `entity`. Raises pydantic's ValidationError when the body is not of the model."""
        body = entity[BODY]
        assert isinstance(body, bytes)
        return self.model.model_validate_json(body)

    def found(self, entity: Entity | None) -> M | None:
        return None if entity is None else self.record(entity)

    def records(self, entities: Iterable[Entity]) -> list[M]:
        return [self.record(entity) for entity in entities]


class Unchanged(Generic[M]):
    """Reads one record again and again: while its entity is as it was, it is not parsed again."""

    def __init__(self, table: Table[M]) -> None:
        self._table = table
        self._last: tuple[Entity, M] | None = None

    def found(self, entity: Entity | None) -> M | None:
        """Return what the table would return."""
        if entity is None:
            return None
        if self._last is None or self._last[0] != entity:
            self._last = entity, self._table.record(entity)
        return self._last[1]
