from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from store.errors import TooLarge, Unsupported
from store.port import KEY, Entity, Key, Namespace, Put, Query, Range, Scalar, Value

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def row(id: str, **properties: Value) -> Entity:
    return Entity(Key("Row", id), properties)


async def written(space: Namespace, rows: Iterable[Entity]) -> None:
    await space.commit([Put(one) for one in rows])


async def ids(space: Namespace, query: Query) -> list[str]:
    page = await space.query(query)
    assert page.next is None
    assert len(page.cursors) == len(page.entities)
    return [entity.key.id for entity in page.entities]


async def test_a_kind_is_listed_by_key_in_the_order_of_utf8_bytes(space: Namespace) -> None:
    # Nothing from U+E000 to U+FFFF next to the emoji: there the Datastore emulator sorts ids as UTF-16.
    texts = ["Z", "a", "ab", "a\0b", "é", "अ", "😀", "_", "9", "10"]
    await written(space, [row(text) for text in texts])
    await space.commit([Put(Entity(Key("Log", "other"), {}))])

    assert await ids(space, Query("Row")) == sorted(texts, key=str.encode)
    assert await ids(space, Query("Row", descending=True)) == sorted(texts, key=str.encode, reverse=True)


async def test_a_range_of_keys_is_half_open(space: Namespace) -> None:
    await written(space, [row(f"a/{number}") for number in range(5)] + [row("a"), row("a0"), row("b/1")])

    assert await ids(space, Query("Row", range=Range(KEY, "a/", "a0"))) == [f"a/{n}" for n in range(5)]
    assert await ids(space, Query("Row", range=Range(KEY, "a/1", "a/3"))) == ["a/1", "a/2"]
    assert await ids(space, Query("Row", range=Range(KEY, "a0"))) == ["a0", "b/1"]
    assert await ids(space, Query("Row", range=Range(KEY, None, "a/1"))) == ["a", "a/0"]
    assert await ids(space, Query("Row", range=Range(KEY, "a/1", "a/3"), descending=True)) == ["a/2", "a/1"]
    assert await ids(space, Query("Row", range=Range(KEY, "b", "a"))) == []


async def test_equality_filters_are_all_met(space: Namespace) -> None:
    await written(
        space,
        [
            row("a", colour="red", size=1),
            row("b", colour="red", size=2),
            row("c", colour="blue", size=2),
            row("d", colour="red", size=2, on=True),
            row("e", size=2),
        ],
    )

    assert await ids(space, Query("Row", {"colour": "red"})) == ["a", "b", "d"]
    assert await ids(space, Query("Row", {"colour": "red", "size": 2})) == ["b", "d"]
    assert await ids(space, Query("Row", {"colour": "red", "size": 2, "on": True})) == ["d"]
    assert await ids(space, Query("Row", {"colour": "green"})) == []
    assert await ids(space, Query("Row", {"size": 2}, range=Range(KEY, "c", "e"))) == ["c", "d"]
    assert await ids(space, Query("Row", {"colour": "red"}, descending=True)) == ["d", "b", "a"]


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("size", [-(2**63), -5, 0, 7, 2**63 - 1]),
        ("weight", [float("-inf"), -2.5, 0.0, 1e-9, 3.0, float("inf")]),
        ("name", ["", "A", "a", "a\0", "ab", "é", "\uffff", "😀"]),
        ("at", [NOON - timedelta(days=700_000), NOON, NOON + timedelta(microseconds=1), NOON + timedelta(1)]),
        ("on", [False, True]),
    ],
)
async def test_values_of_each_type_are_ordered_and_ranged_over(
    space: Namespace, name: str, values: list[Scalar]
) -> None:
    await written(space, [row(f"r{number}", **{name: value}) for number, value in enumerate(values)])
    await written(space, [row("null", **{name: None}), row("without")])
    order = [f"r{number}" for number in range(len(values))]

    assert await ids(space, Query("Row", order_by=name)) == ["null", *order]
    assert await ids(space, Query("Row", order_by=name, descending=True)) == [*order[::-1], "null"]
    assert await ids(space, Query("Row", range=Range(name, values[1]))) == order[1:]
    assert await ids(space, Query("Row", range=Range(name, None, values[1]))) == order[:1]
    assert await ids(space, Query("Row", range=Range(name, values[0], values[-1]))) == order[:-1]
    assert (
        await ids(space, Query("Row", range=Range(name, values[1]), order_by=name, descending=True))
        == (order[:0:-1])
    )
    for number, value in enumerate(values):
        assert await ids(space, Query("Row", {name: value})) == [f"r{number}"]
    assert await ids(space, Query("Row", {name: None})) == ["null"]


async def test_equal_values_are_ordered_by_ascending_key_in_both_directions(space: Namespace) -> None:
    await written(space, [row(f"r{number}", size=number % 2) for number in range(6)])

    assert await ids(space, Query("Row", order_by="size")) == ["r0", "r2", "r4", "r1", "r3", "r5"]
    assert await ids(space, Query("Row", order_by="size", descending=True)) == [
        "r1", "r3", "r5", "r0", "r2", "r4",
    ]  # fmt: skip


async def test_a_composite_serves_filters_with_an_order_or_a_range(space: Namespace) -> None:
    await written(
        space,
        [
            row(f"r{number}", colour=colour, size=size, on=size > 2, at=NOON + timedelta(hours=size))
            for number, (colour, size) in enumerate(
                [("red", 3), ("red", 1), ("blue", 2), ("red", 2), ("blue", 1), ("redder", 0), ("red", 4)]
            )
        ],
    )
    await written(space, [row("half", colour="red")])

    red = {"colour": "red"}
    assert await ids(space, Query("Row", red, order_by="size")) == ["r1", "r3", "r0", "r6"]
    assert await ids(space, Query("Row", red, order_by="size", descending=True)) == ["r6", "r0", "r3", "r1"]
    assert await ids(space, Query("Row", red, range=Range("size", 2, 4))) == ["r3", "r0"]
    assert await ids(space, Query("Row", red, range=Range("size", None, 3), descending=True)) == ["r3", "r1"]
    late = Query("Row", {"on": True, "colour": "red"}, range=Range("at", NOON + timedelta(hours=4)))
    assert await ids(space, late) == ["r6"]
    assert await ids(space, Query("Row", {"on": True, "colour": "red"}, order_by="at")) == ["r0", "r6"]


async def test_any_member_of_a_multi_valued_property_matches(space: Namespace) -> None:
    await written(
        space,
        [
            row("a", tags=("x", "y"), size=2),
            row("b", tags=("y", "z"), size=1),
            row("c", tags="y", size=3),
            row("d", tags=()),
        ],
    )

    assert await ids(space, Query("Row", {"tags": "y"})) == ["a", "b", "c"]
    assert await ids(space, Query("Row", {"tags": "x"})) == ["a"]
    assert await ids(space, Query("Row", {"tags": "w"})) == []
    assert await ids(space, Query("Row", {"tags": "y"}, order_by="size")) == ["b", "a", "c"]
    assert await space.count(Query("Row", {"tags": "y"})) == 3


async def test_an_entity_is_listed_once_however_many_of_its_values_are_in_range(space: Namespace) -> None:
    await written(space, [row("a", tags=(1, 5, 9)), row("b", tags=(4, 6)), row("c", tags=5)])

    assert await ids(space, Query("Row", range=Range("tags", 4, 100))) == ["b", "a", "c"]
    assert await ids(space, Query("Row", range=Range("tags", 4, 100), descending=True)) == ["a", "b", "c"]
    page = await space.query(Query("Row", range=Range("tags", 4, 100), limit=2))
    assert [entity.key.id for entity in page.entities] == ["b", "a"]
    assert page.next is not None


async def test_an_entity_follows_its_values_through_the_indexes(space: Namespace) -> None:
    await written(space, [row("a", colour="red", size=1, tags=("x", "y"))])
    await written(space, [row("a", colour="blue", size=1, tags=("y", "z"))])

    assert await ids(space, Query("Row", {"colour": "red"})) == []
    assert await ids(space, Query("Row", {"tags": "x"})) == []
    assert await ids(space, Query("Row", {"tags": "z"})) == ["a"]
    assert await ids(space, Query("Row", {"colour": "blue"}, order_by="size")) == ["a"]

    await written(space, [row("a", size=2)])
    assert await ids(space, Query("Row", {"colour": "blue"})) == []
    assert await ids(space, Query("Row", order_by="size")) == ["a"]


async def test_bytes_in_an_indexed_property_are_stored_and_not_indexed(space: Namespace) -> None:
    await written(space, [row("a", name=b"bytes"), row("b", tags=(b"bytes", "text"))])

    assert await ids(space, Query("Row", order_by="name")) == []
    assert await ids(space, Query("Row", {"tags": "text"})) == ["b"]


async def test_keys_only_brings_keys_without_properties(space: Namespace) -> None:
    await written(space, [row("a", colour="red", size=1), row("b", colour="red", size=0)])

    for query in (
        Query("Row", keys_only=True),
        Query("Row", {"colour": "red"}, keys_only=True),
        Query("Row", range=Range("size", 0), descending=True, keys_only=True),
    ):
        assert (await space.query(query)).entities == (row("a"), row("b"))


async def test_counts_are_of_all_matches_whatever_the_limit(space: Namespace) -> None:
    await written(space, [row(f"r{number:02}", colour="red", size=number) for number in range(25)])
    first = await space.query(Query("Row", limit=2))

    assert await space.count(Query("Row", limit=1)) == 25
    assert await space.count(Query("Row", cursor=first.next)) == 25
    assert await space.count(Query("Row", {"colour": "red", "size": 3})) == 1
    assert await space.count(Query("Row", {"colour": "red"}, range=Range("size", 5, 10))) == 5
    assert await space.count(Query("Row", range=Range(KEY, "r20"))) == 5
    assert await space.count(Query("Row", {"colour": "none"})) == 0


async def test_a_namespace_without_writes_answers_with_nothing(space: Namespace) -> None:
    assert await ids(space, Query("Row", order_by="size")) == []
    assert await space.count(Query("Row")) == 0


@pytest.mark.parametrize(
    "query",
    [
        Query("Log", {"n": 1}),
        Query("Log", order_by="n"),
        Query("Log", range=Range("n", 1)),
        Query("Row", {"free": 1}),
        Query("Row", {"colour": "red"}, order_by="name"),
        Query("Row", {"colour": "red"}, range=Range("weight", 1.0)),
        Query("Row", {"size": 1}, order_by="colour"),
        Query("Row", {"size": 1}, order_by="size"),
        Query("Row", {"colour": "red", "on": True}, order_by="size"),
        Query("Row", {"size": 1}, descending=True),
        Query("Log", descending=True),
        Query("Row", range=Range("size", 1), order_by="name"),
        Query("Row", range=Range(KEY, "a"), order_by="size"),
        Query("Row", range=Range("size")),
        Query("Row", range=Range(KEY)),
        Query("Row", range=Range("size", 1, 2.0)),
        Query("Row", range=Range(KEY, 1)),
        Query("Row", range=Range(KEY, "")),
        Query("Row", {"name": b"x"}),
        Query("Row", {"weight": float("nan")}),
        Query("Row", {"size": 2**63}),
        Query("Row", {"at": datetime(2026, 1, 1)}),
        Query("Row", limit=0),
        Query("Row", limit=2**31),
    ],
    ids=repr,
)
async def test_a_query_that_datastore_would_refuse_is_refused(space: Namespace, query: Query) -> None:
    with pytest.raises(Unsupported):
        await space.query(query)
    with pytest.raises(Unsupported):
        await space.count(query)


async def test_a_filter_longer_than_an_index_holds_is_refused(space: Namespace) -> None:
    with pytest.raises(TooLarge):
        await space.query(Query("Row", {"name": "x" * 1501}))
