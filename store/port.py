"""The port: what every store does, shaped to what Cloud Datastore does well.

A `Store` is bound to a namespace before it can be used; nothing reads or writes across namespaces.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeVar

T = TypeVar("T")

Scalar = None | bool | int | float | str | bytes | datetime
"""`int` is of 64 bits; a `datetime` is aware, in UTC, and kept to the microsecond."""

Value = Scalar | tuple[Scalar, ...]
"""A tuple of scalars is a multi-valued property: an equality filter matches any of its members."""


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """The name of an entity within its namespace: a kind and a non-empty string id."""

    kind: str
    id: str

    def __str__(self) -> str:
        return f"{self.kind}/{self.id}"


@dataclass(frozen=True, slots=True)
class Entity:
    """A key and its properties. Bytes are never indexed; other properties as their `Kind` declares."""

    key: Key
    properties: Mapping[str, Value]

    def __getitem__(self, name: str) -> Value:
        return self.properties[name]


@dataclass(frozen=True, slots=True)
class Kind:
    """What a store must know of a kind before use: which properties can be filtered and sorted on.

    `indexed`: properties with an index of their own. `composites`: property sequences that serve a query of
    equality filters followed by one range or order property, such as `("test", "state", "started")`.
    Equality filters alone, on any indexed properties, and ranges over the key need no composite.
    """

    name: str
    indexed: frozenset[str] = frozenset()
    composites: frozenset[tuple[str, ...]] = frozenset()


@dataclass(frozen=True, slots=True)
class Range:
    """Half-open bounds on one property: `at_least <= value < below`; `None` leaves a side open."""

    property: str
    at_least: Scalar = None
    below: Scalar = None


@dataclass(frozen=True, slots=True)
class Query:
    """Entities of one kind: equality filters, at most one range, an order that ends in the key.

    `range` is over a property or, with `property=KEY`, over the key's id. `order_by` names a property that the
    results are sorted by before the key (the range's own property when there is a range over a property);
    `None` sorts by key alone. An entity that lacks a filtered or sorted property is not in the result.
    """

    kind: str
    where: Mapping[str, Scalar] = field(default_factory=dict)
    range: Range | None = None
    order_by: str | None = None
    descending: bool = False
    limit: int = 100
    cursor: str | None = None
    keys_only: bool = False


KEY = "__key__"
"""The name by which a `Range` bounds the key's id."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a query. `cursors[i]` continues after `entities[i]`; `next` is `None` when no more follow."""

    entities: tuple[Entity, ...]
    cursors: tuple[str, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class Insert:
    """Write an entity whose key must not exist."""

    entity: Entity


@dataclass(frozen=True, slots=True)
class Put:
    """Write an entity, whether or not its key exists."""

    entity: Entity


@dataclass(frozen=True, slots=True)
class Delete:
    """Remove a key; a missing key is no error."""

    key: Key


Mutation = Insert | Put | Delete


class Reader(Protocol):
    """Strongly consistent reads by key."""

    async def get(self, key: Key) -> Entity | None:
        """Return the entity, or `None` when the key is missing."""
        ...

    async def get_many(self, keys: Sequence[Key]) -> list[Entity | None]:
        """Return entities in the order of `keys`, `None` for each missing; duplicates allowed.

        Raises TooLarge over 1,000 keys.
        """
        ...


class Transaction(Reader, Protocol):
    """Reads at one consistent point, and writes that are applied together when the work returns."""

    def insert(self, entity: Entity) -> None: ...

    def put(self, entity: Entity) -> None: ...

    def delete(self, key: Key) -> None: ...


class Namespace(Reader, Protocol):
    """A store bound to one namespace."""

    @property
    def name(self) -> str: ...

    async def query(self, query: Query) -> Page:
        """Return one page. Raises Unsupported for what Datastore would refuse, or answer with nothing."""
        ...

    async def count(self, query: Query) -> int:
        """Count the matches of `query`, its limit and cursor left aside."""
        ...

    async def commit(self, mutations: Sequence[Mutation]) -> None:
        """Apply all mutations or none. A key may occur in one mutation only.

        Raises AlreadyExists, TooLarge, Unavailable, OutcomeUnknown.
        """
        ...

    async def transact(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Run `work` and commit its writes; run all of it again, in a new transaction, when it conflicts.

        Nothing is written when `work` raises. Raises Conflict after a bounded number of runs, and what
        `commit` raises.
        """
        ...


class Store(Protocol):
    """A store before it is bound."""

    def namespace(self, name: str) -> Namespace:
        """Bind to a namespace (1 to 100 of `[0-9A-Za-z._-]`). Cheap; nothing is created until a write."""
        ...

    async def ready(self) -> None:
        """Return when the store answers; raise Unavailable when it does not."""
        ...

    async def close(self) -> None:
        """Finish what was accepted and release connections. Idempotent."""
        ...
