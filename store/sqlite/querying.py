"""Plans as SQL. Every statement walks an index in the order asked for and stops when the page is full."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Final

from store.cursors import fingerprint, seal, unseal
from store.errors import BadCursor
from store.plan import Plan
from store.port import KEY, Entity, Key, Page, Query
from store.sqlite.encoding import unpack
from store.sqlite.entries import AFTER_EVERY_VALUE, after_type_of, encode, index_name, prefix

_ESTIMATE: Final = 1_000
_LENGTH_BYTES: Final = 2

Position = tuple[bytes, str]
"""Where a page ended: the index value (empty when sorted by key) and the id."""


@dataclass(slots=True)
class _Sql:
    tables: list[str] = field(default_factory=list)
    where: list[str] = field(default_factory=list)
    parameters: list[str | bytes] = field(default_factory=list)
    order: str = ""

    def require(self, condition: str, *parameters: str | bytes) -> None:
        self.where.append(condition)
        self.parameters += parameters

    def select(self, columns: str) -> str:
        return f"SELECT {columns} FROM {' CROSS JOIN '.join(self.tables)} WHERE {' AND '.join(self.where)}"


def rows_walked(query: Query, plan: Plan) -> int | None:
    """Return about how many rows a page walks; `None` when that depends on what is stored.

    Several filters are intersected, and a descending walk sorts the ids of equal values: either may go far.
    """
    far = len(plan.equal) > 1 if plan.sort == KEY else plan.descending
    return None if far else query.limit + 1


def position(query: Query, plan: Plan) -> Position | None:
    """Return where the query's cursor points. Raises Unsupported for a cursor of another query."""
    return _unpack_position(unseal(fingerprint(plan), query.cursor)) if query.cursor is not None else None


def page(connection: sqlite3.Connection, query: Query, plan: Plan, after: Position | None) -> Page:
    """Return the page behind `after`."""
    mark = fingerprint(plan)
    entities: dict[str, Entity] = {}
    cursors: list[str] = []
    with closing(_rows(connection, plan, after, keys_only=query.keys_only)) as rows:
        for value, id, data in rows:
            # A multi-valued property has an entry for each value; the entity is listed at its first.
            if id in entities:
                continue
            if len(entities) == query.limit:
                return Page(tuple(entities.values()), tuple(cursors), cursors[-1])
            entities[id] = Entity(Key(plan.kind.name, id), {} if query.keys_only else unpack(data))
            cursors.append(seal(mark, _pack_position((value, id))))
    return Page(tuple(entities.values()), tuple(cursors), None)


def count(connection: sqlite3.Connection, plan: Plan) -> int:
    """Return the number of entities that match."""
    sql = _match(connection, plan)
    return int(connection.execute(sql.select("count(DISTINCT d.id)"), sql.parameters).fetchone()[0])


def _rows(
    connection: sqlite3.Connection, plan: Plan, after: Position | None, *, keys_only: bool
) -> Generator[tuple[bytes, str, bytes]]:
    sql = _match(connection, plan)
    if after:
        _continue(sql, plan, after)
    whole = plan.sort == KEY and not plan.equal
    if not whole and not keys_only:
        sql.tables.append("entity AS e")
        sql.require("e.kind = d.kind AND e.id = d.id")
    value = "x''" if plan.sort == KEY else "d.value"
    data = "NULL" if keys_only else "d.data" if whole else "e.data"
    statement = f"{sql.select(f'{value}, d.id, {data}')} ORDER BY {sql.order}"
    with closing(connection.execute(statement, sql.parameters)) as rows:
        yield from rows


def _match(connection: sqlite3.Connection, plan: Plan) -> _Sql:
    if plan.sort != KEY:
        return _sorted_by_property(plan)
    sql = _by_equality(connection, plan) if plan.equal else _Sql(["entity AS d"])
    sql.require("d.kind = ?", plan.kind.name)
    for operator, bound in ((">=", plan.at_least), ("<", plan.below)):
        if isinstance(bound, str):
            sql.require(f"d.id {operator} ?", bound)
    sql.order = "d.id DESC" if plan.descending else "d.id"
    return sql


def _by_equality(connection: sqlite3.Connection, plan: Plan) -> _Sql:
    """Walk the entries of the rarest filter and look the others up for each."""
    filters = [(name, encode(value)) for name, value in plan.equal]
    if len(filters) > 1:
        filters.sort(key=lambda one: _estimate(connection, plan.kind.name, *one))
    sql = _Sql()
    for number, (name, value) in enumerate(filters):
        alias = f"d{number}" if number else "d"
        sql.tables.append(f"entry AS {alias}")
        if number:
            sql.require(f"{alias}.kind = d.kind AND {alias}.id = d.id")
        sql.require(f"{alias}.name = ? AND {alias}.value = ?", name, value)
    return sql


def _estimate(connection: sqlite3.Connection, kind: str, name: str, value: bytes) -> int:
    statement = (
        f"SELECT count(*) FROM (SELECT 1 FROM entry WHERE kind = ? AND name = ? AND value = ? LIMIT {_ESTIMATE})"
    )
    return int(connection.execute(statement, (kind, name, value)).fetchone()[0])


def _sorted_by_property(plan: Plan) -> _Sql:
    equal = dict(plan.equal)
    start = prefix(encode(equal[name]) for name in plan.composite[:-1]) if plan.composite else b""
    low, high = b"", AFTER_EVERY_VALUE
    if plan.at_least is not None:
        low = encode(plan.at_least)
        high = after_type_of(low)
    if plan.below is not None:
        high = encode(plan.below)
        low = low or high[:1]
    sql = _Sql(["entry AS d"])
    sql.require("d.kind = ? AND d.name = ?", plan.kind.name, index_name(plan.composite or (plan.sort,)))
    sql.require("d.value >= ? AND d.value < ?", start + low, start + high)
    sql.order = "d.value DESC, d.id" if plan.descending else "d.value, d.id"
    return sql


def _continue(sql: _Sql, plan: Plan, after: Position) -> None:
    value, id = after
    if plan.sort == KEY:
        sql.require("d.id < ?" if plan.descending else "d.id > ?", id)
    elif plan.descending:
        sql.require("d.value <= ? AND (d.value < ? OR d.id > ?)", value, value, id)
    else:
        sql.require("(d.value, d.id) > (?, ?)", value, id)


def _pack_position(position: Position) -> bytes:
    value, id = position
    return len(value).to_bytes(_LENGTH_BYTES, "big") + value + id.encode()


def _unpack_position(raw: bytes) -> Position:
    split = _LENGTH_BYTES + int.from_bytes(raw[:_LENGTH_BYTES], "big")
    try:
        return raw[_LENGTH_BYTES:split], raw[split:].decode()
    except UnicodeDecodeError:
        raise BadCursor("not a cursor") from None
