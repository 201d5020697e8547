from __future__ import annotations

import secrets

import pytest

from store.errors import Unavailable, Unsupported
from store.port import Entity, Insert, Key, Namespace, Put, Query, Store, Transaction

KEY = Key("Row", "a")


async def test_namespaces_do_not_see_each_other(store: Store) -> None:
    mark = secrets.token_hex(6)
    here, there = store.namespace(f"here-{mark}"), store.namespace(f"there-{mark}")
    await here.commit([Insert(Entity(KEY, {"colour": "red"}))])

    assert await there.get(KEY) is None
    assert (await there.query(Query("Row"))).entities == ()
    assert await there.count(Query("Row", {"colour": "red"})) == 0
    await there.commit([Insert(Entity(KEY, {"colour": "blue"}))])
    assert await here.get(KEY) == Entity(KEY, {"colour": "red"})


async def test_names_that_differ_in_case_only_are_two_namespaces(store: Store) -> None:
    mark = secrets.token_hex(6)
    await store.namespace(f"A-{mark}").commit([Insert(Entity(KEY, {}))])

    assert await store.namespace(f"a-{mark}").get(KEY) is None


async def test_a_namespace_has_its_name_and_may_be_bound_twice(store: Store) -> None:
    name = f"twice.{secrets.token_hex(6)}_-"
    await store.namespace(name).commit([Put(Entity(KEY, {}))])

    assert store.namespace(name).name == name
    assert await store.namespace(name).get(KEY) == Entity(KEY, {})


@pytest.mark.parametrize("name", ["", "a/b", "..\\x", "ä", "a" * 101, "__x__", "a b", "a\n"])
def test_a_name_that_datastore_refuses_is_refused(store: Store, name: str) -> None:
    with pytest.raises(Unsupported):
        store.namespace(name)


async def test_a_store_that_answers_is_ready(store: Store) -> None:
    await store.ready()


async def test_closing_twice_is_no_error_and_afterwards_nothing_works(store: Store, space: Namespace) -> None:
    await space.commit([Put(Entity(KEY, {}))])

    await store.close()
    await store.close()

    async def work(transaction: Transaction) -> None:
        await transaction.get(KEY)

    with pytest.raises(Unavailable):
        await space.get(KEY)
    with pytest.raises(Unavailable):
        await space.query(Query("Row"))
    with pytest.raises(Unavailable):
        await space.commit([Put(Entity(KEY, {}))])
    with pytest.raises(Unavailable):
        await space.transact(work)


async def test_closing_finishes_what_was_never_used(store: Store) -> None:
    await store.close()
