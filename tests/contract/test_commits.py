from __future__ import annotations

import asyncio

import pytest

from store.errors import AlreadyExists, TooLarge, Unsupported
from store.port import Delete, Entity, Insert, Key, Namespace, Put


def entry(id: str, **properties: object) -> Entity:
    return Entity(Key("Log", id), properties)  # type: ignore[arg-type]


async def test_what_is_inserted_can_be_read(space: Namespace) -> None:
    await space.commit([Insert(entry("a", n=1))])

    assert await space.get(Key("Log", "a")) == entry("a", n=1)


async def test_inserting_a_key_that_exists_is_refused_and_leaves_it_alone(space: Namespace) -> None:
    await space.commit([Insert(entry("a", n=1))])

    with pytest.raises(AlreadyExists) as refusal:
        await space.commit([Insert(entry("a", n=2))])

    assert refusal.value.keys == (Key("Log", "a"),)
    assert await space.get(Key("Log", "a")) == entry("a", n=1)


async def test_mutations_of_one_commit_are_written_together(space: Namespace) -> None:
    await space.commit([Put(entry("old", n=1))])

    await space.commit([Insert(entry("new", n=2)), Put(entry("put", n=3)), Delete(Key("Log", "old"))])

    keys = [Key("Log", id) for id in ("new", "put", "old")]
    assert await space.get_many(keys) == [entry("new", n=2), entry("put", n=3), None]


async def test_nothing_of_a_refused_commit_is_written(space: Namespace) -> None:
    await space.commit([Put(entry("there", n=1)), Put(entry("kept", n=1))])

    with pytest.raises(AlreadyExists) as refusal:
        await space.commit(
            [
                Put(entry("sibling", n=2)),
                Delete(Key("Log", "kept")),
                Insert(entry("there", n=2)),
            ]
        )

    assert Key("Log", "there") in refusal.value.keys
    keys = [Key("Log", id) for id in ("sibling", "kept", "there")]
    assert await space.get_many(keys) == [None, entry("kept", n=1), entry("there", n=1)]


async def test_a_put_replaces_all_properties(space: Namespace) -> None:
    await space.commit([Put(entry("a", n=1, gone="soon"))])

    await space.commit([Put(entry("a", n=2))])

    assert await space.get(Key("Log", "a")) == entry("a", n=2)


async def test_deleting_a_missing_key_is_no_error(space: Namespace) -> None:
    await space.commit([Delete(Key("Log", "never"))])

    assert await space.get(Key("Log", "never")) is None


async def test_a_deleted_key_can_be_inserted_again(space: Namespace) -> None:
    await space.commit([Insert(entry("a", n=1))])
    await space.commit([Delete(Key("Log", "a"))])

    await space.commit([Insert(entry("a", n=2))])

    assert await space.get(Key("Log", "a")) == entry("a", n=2)


async def test_a_commit_of_nothing_is_no_error(space: Namespace) -> None:
    await space.commit([])


async def test_a_key_in_two_mutations_is_refused(space: Namespace) -> None:
    with pytest.raises(Unsupported):
        await space.commit([Put(entry("a", n=1)), Delete(Key("Log", "a"))])

    assert await space.get(Key("Log", "a")) is None


async def test_five_hundred_mutations_are_written_and_one_more_refused(space: Namespace) -> None:
    rows = [Insert(entry(f"e{number:03}", n=number)) for number in range(501)]

    with pytest.raises(TooLarge) as refusal:
        await space.commit(rows)
    assert (refusal.value.size, refusal.value.limit) == (501, 500)
    assert await space.get(rows[0].entity.key) is None

    await space.commit(rows[:500])
    assert await space.get_many([row.entity.key for row in rows]) == [*(row.entity for row in rows[:500]), None]


async def test_two_hundred_concurrent_inserts_are_all_written(space: Namespace) -> None:
    rows = [entry(f"e{number}", n=number) for number in range(200)]

    await asyncio.gather(*(space.commit([Insert(row)]) for row in rows))

    assert await space.get_many([row.key for row in rows]) == rows


async def test_of_concurrent_inserts_of_one_key_one_wins(space: Namespace) -> None:
    outcomes = await asyncio.gather(
        *(space.commit([Insert(entry("a", n=number))]) for number in range(8)), return_exceptions=True
    )

    assert outcomes.count(None) == 1
    assert sum(isinstance(outcome, AlreadyExists) for outcome in outcomes) == 7
    assert await space.get(Key("Log", "a")) == entry("a", n=outcomes.index(None))
