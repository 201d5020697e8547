"""Plans as Datastore's queries."""

from __future__ import annotations

from typing import Any, Final

from store.cursors import fingerprint, seal, unseal
from store.datastore import messages
from store.datastore.encoding import Partition, fill_key, fill_value, read_key, read_properties
from store.datastore.rpc import Rpc
from store.instants import from_microseconds
from store.plan import Plan
from store.port import KEY, Entity, Key, Page, Query, Scalar

_EQUAL: Final = messages.PropertyFilter.EQUAL
_AT_LEAST: Final = messages.PropertyFilter.GREATER_THAN_OR_EQUAL
_BELOW: Final = messages.PropertyFilter.LESS_THAN
_READ_TOGETHER: Final = 1_000


async def page(rpc: Rpc, query: Query, plan: Plan, partition: Partition) -> Page:
    """Return one page.

    One entity more than the page holds is asked for, because Datastore's own word on whether more follow is only
    that there may be more.
    """
    mark = fingerprint(plan)
    request = query_request(plan, partition, keys_only=query.keys_only)
    if query.cursor is not None:
        request.query.start_cursor = unseal(mark, query.cursor)
    found = await results(rpc, request, query.limit + 1)
    entities = tuple(
        Entity(key, {} if query.keys_only else read_properties(result.entity.properties))
        for key, result in list(found.items())[: query.limit]
    )
    cursors = tuple(seal(mark, found[entity.key].cursor) for entity in entities)
    return Page(entities, cursors, cursors[-1] if len(found) > query.limit else None)


async def results(rpc: Rpc, request: Any, wanted: int | None) -> dict[Key, Any]:
    """Return the first `wanted` results by key (`None`: all), however many answers they come in.

    The Firestore emulator lists an entity once for each value of a multi-valued property: the first one counts.
    """
    found: dict[Key, Any] = {}
    while wanted is None or len(found) < wanted:
        asked = _READ_TOGETHER if wanted is None else wanted - len(found)
        request.query.limit.value = asked
        batch = (await rpc.run_query(request)).batch
        for result in batch.entity_results:
            found.setdefault(read_key(result.entity.key), result)
        unfinished = batch.more_results == messages.QueryResultBatch.NOT_FINISHED
        if not unfinished and len(batch.entity_results) < asked:
            break
        request.query.start_cursor = batch.end_cursor
    return found


def query_request(plan: Plan, partition: Partition, *, keys_only: bool) -> Any:
    """Return the `RunQueryRequest` of a plan, without limit and cursor."""
    request = messages.RunQueryRequest()
    partition.address(request)
    partition.fill(request.partition_id)
    fill_query(request.query, plan, partition)
    if keys_only:
        request.query.projection.add().property.name = KEY
    return request


def fill_query(query: Any, plan: Plan, partition: Partition) -> None:
    """Write a plan into a `Query`."""
    query.kind.add(name=plan.kind.name)
    filters = [(name, _EQUAL, value) for name, value in plan.equal]
    filters += [(plan.sort, operator, bound) for operator, bound in _bounds(plan)]
    for name, operator, value in filters:
        query.filter.composite_filter.op = messages.CompositeFilter.AND
        condition = query.filter.composite_filter.filters.add().property_filter
        condition.property.name = name
        condition.op = operator
        if name == KEY:
            fill_key(condition.value.key_value, Key(plan.kind.name, str(value)), partition)
        else:
            fill_value(condition.value, value, indexed=True)
    direction = messages.PropertyOrder.DESCENDING if plan.descending else messages.PropertyOrder.ASCENDING
    query.order.add(direction=direction).property.name = plan.sort
    if plan.sort != KEY:
        # Said aloud because the emulators do not agree on the order of equal values.
        query.order.add(direction=messages.PropertyOrder.ASCENDING).property.name = KEY


def _bounds(plan: Plan) -> list[tuple[int, Scalar]]:
    at_least = plan.at_least
    if at_least is None and plan.below is not None and plan.sort != KEY:
        # Null sorts before everything; a range is among values of its own type.
        at_least = _least_like(plan.below)
    return [
        (operator, bound) for operator, bound in ((_AT_LEAST, at_least), (_BELOW, plan.below)) if bound is not None
    ]


def _least_like(value: Scalar) -> Scalar:
    if isinstance(value, bool):
        return False
    if isinstance(value, int):
        return -(2**63)
    if isinstance(value, float):
        return float("-inf")
    if isinstance(value, str):
        return ""
    return from_microseconds(_YEAR_1_MICROSECONDS)


_YEAR_1_MICROSECONDS: Final = -62_135_596_800_000_000
