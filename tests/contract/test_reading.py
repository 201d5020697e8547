from __future__ import annotations

import pytest

from store.errors import TooLarge
from store.port import Entity, Insert, Key, Namespace


async def test_a_missing_key_is_none(space: Namespace) -> None:
    assert await space.get(Key("Log", "never")) is None


async def test_many_keys_are_answered_in_their_order_with_none_for_the_missing(space: Namespace) -> None:
    a, b = (Entity(Key("Log", id), {"id": id}) for id in "ab")
    await space.commit([Insert(a), Insert(b)])

    keys = [Key("Log", id) for id in ("b", "x", "a", "b")]

    assert await space.get_many(keys) == [b, None, a, b]


async def test_no_keys_are_answered_with_nothing(space: Namespace) -> None:
    assert await space.get_many([]) == []


async def test_a_thousand_keys_are_read_and_one_more_refused(space: Namespace) -> None:
    rows = [Entity(Key("Log", f"e{number}"), {"n": number}) for number in range(400)]
    await space.commit([Insert(row) for row in rows])
    keys = [Key("Log", f"e{number}") for number in range(1001)]

    assert await space.get_many(keys[:1000]) == [*rows, *[None] * 600]
    with pytest.raises(TooLarge) as refusal:
        await space.get_many(keys)
    assert (refusal.value.size, refusal.value.limit) == (1001, 1000)


async def test_many_large_entities_are_read_together(space: Namespace) -> None:
    rows = [Entity(Key("Log", f"e{number}"), {"p": bytes([number]) * 1_000_000}) for number in range(6)]
    for row in rows:
        await space.commit([Insert(row)])

    assert await space.get_many([row.key for row in rows]) == rows
