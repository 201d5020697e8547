from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta, timezone

import pytest

from store.errors import StoreError, TooLarge, Unsupported
from store.port import Entity, Insert, Key, Namespace, Put, Query, Value

UNICODE = ["😀 👩‍🏫", "e\u0301 is not \u00e9", "שלום \u202eعالم", "nul\0inside", "\U0010ffff", " ", "a/b?c=d#e"]


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        False,
        0,
        2**63 - 1,
        -(2**63),
        0.0,
        -1.5,
        1e308,
        math.inf,
        -math.inf,
        "",
        *UNICODE,
        "long " * 10_000,
        b"",
        b"\x00\xff" * 500,
        datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC),
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        (),
        (1,),
        ("a", "b", "a"),
        (None, True, 1, 1.5, "x", b"y", datetime(2026, 1, 1, tzinfo=UTC)),
    ],
    ids=lambda value: repr(value)[:24].replace("\0", "0"),
)
async def test_every_value_comes_back_as_it_went(space: Namespace, value: Value) -> None:
    row = Entity(Key("Log", "a"), {"value": value})

    await space.commit([Put(row)])

    found = await space.get(row.key)
    assert found == row
    assert type(found["value"]) is type(value)


async def test_nan_comes_back_as_nan(space: Namespace) -> None:
    await space.commit([Put(Entity(Key("Row", "a"), {"weight": math.nan, "many": (math.nan,)}))])

    found = await space.get(Key("Row", "a"))
    assert found is not None
    weight, many = found["weight"], found["many"]
    assert isinstance(weight, float)
    assert math.isnan(weight)
    assert isinstance(many, tuple)


async def test_an_instant_of_another_zone_comes_back_as_the_same_instant_in_utc(space: Namespace) -> None:
    kolkata = datetime(2026, 1, 2, 14, 0, tzinfo=timezone(timedelta(hours=5, minutes=30)))

    await space.commit([Put(Entity(Key("Log", "a"), {"at": kolkata}))])

    found = await space.get(Key("Log", "a"))
    assert found is not None
    assert found["at"] == kolkata
    assert isinstance(found["at"], datetime)
    assert found["at"].utcoffset() == timedelta(0)


async def test_an_entity_may_have_no_properties(space: Namespace) -> None:
    await space.commit([Put(Entity(Key("Row", "a"), {}))])

    assert await space.get(Key("Row", "a")) == Entity(Key("Row", "a"), {})


@pytest.mark.parametrize("text", UNICODE, ids=ascii)
async def test_any_text_can_be_an_id_and_an_indexed_value(space: Namespace, text: str) -> None:
    row = Entity(Key("Row", text), {"name": text})

    await space.commit([Insert(row)])

    assert await space.get(row.key) == row
    assert (await space.query(Query("Row", {"name": text}))).entities == (row,)


async def test_ids_that_look_alike_are_different(space: Namespace) -> None:
    composed, decomposed = Key("Log", "\u00e9"), Key("Log", "e\u0301")

    await space.commit([Put(Entity(composed, {"n": 1}))])

    assert await space.get(decomposed) is None


@pytest.mark.parametrize("id", ["", "__reserved__", "____", "\ud800"], ids=ascii)
async def test_an_id_that_datastore_refuses_is_refused(space: Namespace, id: str) -> None:
    with pytest.raises(Unsupported):
        await space.get(Key("Log", id))
    with pytest.raises(Unsupported):
        await space.commit([Put(Entity(Key("Log", id), {}))])


async def test_an_id_may_have_1500_bytes_and_no_more(space: Namespace) -> None:
    longest = Key("Log", "é" * 750)
    await space.commit([Put(Entity(longest, {}))])

    assert await space.get(longest) is not None
    with pytest.raises(TooLarge) as refusal:
        await space.commit([Put(Entity(Key("Log", longest.id + "x"), {}))])
    assert (refusal.value.size, refusal.value.limit) == (1501, 1500)


@pytest.mark.parametrize(
    "properties",
    [
        {"n": 2**63},
        {"n": -(2**63) - 1},
        {"at": datetime(2026, 1, 1)},
        {"text": "\udfff"},
        {"": 1},
        {"__key__": 1},
        {"nested": ((1,),)},
        {"list": [1]},
        {"map": {"a": 1}},
    ],
    ids=repr,
)
async def test_a_value_that_datastore_refuses_is_refused(space: Namespace, properties: dict[str, Value]) -> None:
    with pytest.raises(Unsupported):
        await space.commit([Put(Entity(Key("Log", "a"), properties))])

    assert await space.get(Key("Log", "a")) is None


async def test_an_indexed_text_may_have_1500_bytes_and_no_more(space: Namespace) -> None:
    await space.commit([Put(Entity(Key("Row", "a"), {"name": "x" * 1500, "free": "x" * 1501}))])

    assert await space.count(Query("Row", {"name": "x" * 1500})) == 1
    with pytest.raises(TooLarge):
        await space.commit([Put(Entity(Key("Row", "b"), {"name": "x" * 1501}))])
    with pytest.raises(TooLarge):
        await space.commit([Put(Entity(Key("Row", "b"), {"tags": ("ok", "x" * 1501)}))])


@pytest.mark.parametrize("kind", ["Unheard", ""])
async def test_a_kind_that_was_not_declared_is_refused(space: Namespace, kind: str) -> None:
    with pytest.raises(Unsupported):
        await space.get(Key(kind, "a"))
    with pytest.raises(Unsupported):
        await space.commit([Put(Entity(Key(kind, "a"), {}))])
    with pytest.raises(Unsupported):
        await space.query(Query(kind))


async def test_an_entity_may_be_as_large_as_datastore_takes_and_no_larger(space: Namespace) -> None:
    # As documented: 32, the key (16, namespace, kind, id), each property's name and value; one more for a text.
    key = Key("Log", "a")
    spare = 1_048_572 - 32 - (16 + len(space.name) + 1 + 4 + 2) - 4 - 4
    largest = Entity(key, {"one": b"x" * 1_000_000, "two": b"x" * (spare - 1_000_000)})
    larger = Entity(key, {"one": b"x" * 1_000_000, "two": b"x" * (spare - 1_000_000 + 1)})

    with pytest.raises(TooLarge) as refusal:
        await space.commit([Put(larger)])
    assert (refusal.value.size, refusal.value.limit) == (1_048_573, 1_048_572)
    assert await space.get(key) is None

    await space.commit([Put(largest)])
    assert await space.get(key) == largest


async def test_an_entity_of_many_small_properties_is_measured_the_same(space: Namespace) -> None:
    count = (1_048_572 - 32 - (16 + len(space.name) + 1 + 4 + 2)) // 16
    row = Entity(Key("Log", "a"), {f"p{number:06}": number for number in range(count)})
    await space.commit([Put(row)])

    assert await space.get(row.key) == row
    with pytest.raises(TooLarge):
        await space.commit([Put(Entity(row.key, {**row.properties, "more-and-more": 1}))])


@pytest.mark.parametrize("filler", ["x", b"x"], ids=["text", "bytes"])
async def test_one_property_may_be_as_large_as_datastore_takes(space: Namespace, filler: str | bytes) -> None:
    row = Entity(Key("Log", "a"), {"p": filler * 1_048_487})
    await space.commit([Put(row)])

    assert await space.get(row.key) == row
    with pytest.raises(TooLarge):
        await space.commit([Put(Entity(Key("Log", "a"), {"p": filler * 1_048_488}))])


async def test_a_commit_of_over_ten_mebibytes_is_refused(space: Namespace) -> None:
    rows = [Put(Entity(Key("Log", f"e{number}"), {"p": b"x" * 1_000_000})) for number in range(11)]

    with pytest.raises(TooLarge):
        await space.commit(rows)

    assert await space.get_many([row.entity.key for row in rows]) == [None] * 11


async def test_an_entity_of_too_many_indexed_values_is_refused(space: Namespace) -> None:
    with pytest.raises(StoreError):
        await space.commit([Put(Entity(Key("Row", "a"), {"tags": tuple(range(20_001))}))])
