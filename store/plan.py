"""Whether Datastore's indexes can answer a query, and the query in the form that both adapters run."""

from __future__ import annotations

import math
from dataclasses import dataclass

from store.errors import Unsupported
from store.kinds import Kinds
from store.limits import check_id, check_scalar
from store.port import KEY, Kind, Query, Scalar

_LIMIT = range(1, 2**31 - 1)


@dataclass(frozen=True, slots=True)
class Plan:
    """A query that was found answerable.

    Results are ordered by `sort` (a property, or KEY) in the direction of `descending` and, where values are
    equal, by ascending id: that is the order in which Datastore's own indexes lie. `composite` is the declared
    index that serves equality filters together with a sort; `None` when indexes of single properties do.
    """

    kind: Kind
    equal: tuple[tuple[str, Scalar], ...]
    sort: str
    at_least: Scalar
    below: Scalar
    descending: bool
    composite: tuple[str, ...] | None


def plan(query: Query, kinds: Kinds) -> Plan:
    """Return the plan of a query. Raises Unsupported, and TooLarge for a value that no index can hold."""
    kind = kinds[query.kind]
    if query.limit not in _LIMIT:
        raise Unsupported(f"a page of {query.limit} entities")
    for name, value in query.where.items():
        _check_filter(kind, name, value)
    at_least, below = _bounds(query, kind)
    sort = _sort(query, kind)
    return Plan(
        kind=kind,
        equal=tuple(sorted(query.where.items())),
        sort=sort,
        at_least=at_least,
        below=below,
        descending=query.descending,
        composite=_composite(kind, frozenset(query.where), sort, query.descending),
    )


def _sort(query: Query, kind: Kind) -> str:
    ranged = query.range.property if query.range else None
    if ranged and query.order_by and query.order_by != ranged:
        raise Unsupported(f"a range over {ranged} sorted by {query.order_by}")
    sort = ranged or query.order_by or KEY
    if sort != KEY and sort not in kind.indexed:
        raise Unsupported(f"{kind.name}.{sort} is not indexed")
    return sort


def _bounds(query: Query, kind: Kind) -> tuple[Scalar, Scalar]:
    bounds = query.range
    if bounds is None:
        return None, None
    given = [bound for bound in (bounds.at_least, bounds.below) if bound is not None]
    if not given:
        raise Unsupported(f"a range over {bounds.property} without bounds")
    for bound in given:
        if bounds.property != KEY:
            _check_filter(kind, bounds.property, bound)
        elif isinstance(bound, str):
            check_id(bound)
        else:
            raise Unsupported(f"the key as {type(bound).__name__}")
    if len({type(bound) for bound in given}) > 1:
        raise Unsupported(f"a range over {bounds.property} between values of two types")
    return bounds.at_least, bounds.below


def _check_filter(kind: Kind, name: str, value: Scalar) -> None:
    if name not in kind.indexed:
        raise Unsupported(f"{kind.name}.{name} is not indexed")
    if isinstance(value, bytes):
        raise Unsupported(f"{kind.name}.{name}: bytes are never indexed")
    if isinstance(value, float) and math.isnan(value):
        raise Unsupported(f"{kind.name}.{name}: nothing is equal to NaN")
    check_scalar(name, value, indexed=True)


def _composite(kind: Kind, equal: frozenset[str], sort: str, descending: bool) -> tuple[str, ...] | None:
    if sort in equal:
        raise Unsupported(f"{sort} is both filtered for equality and sorted")
    if (sort == KEY and not descending) or (sort != KEY and not equal):
        return None
    for composite in kind.composites:
        if composite[-1] == sort and frozenset(composite[:-1]) == equal:
            return composite
    direction = "descending " if descending else ""
    raise Unsupported(f"{kind.name} has no composite of {sorted(equal)} with {direction}{sort}")
