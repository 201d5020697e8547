from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from store.errors import Unsupported
from store.port import KEY, Entity, Key, Namespace, Page, Put, Query, Range

QUERIES = [
    Query("Row", limit=4),
    Query("Row", limit=4, descending=True),
    Query("Row", limit=4, range=Range(KEY, "r02", "r13")),
    Query("Row", {"colour": "red"}, limit=4),
    Query("Row", {"colour": "red", "on": True}, limit=4),
    Query("Row", {"colour": "red"}, limit=4, descending=True),
    Query("Row", limit=4, order_by="size"),
    Query("Row", limit=4, order_by="size", descending=True),
    Query("Row", {"colour": "red"}, limit=4, range=Range("size", 0, 2)),
    Query("Row", {"colour": "red"}, limit=4, order_by="size", descending=True, keys_only=True),
]


async def fill(space: Namespace, count: int = 16) -> None:
    await space.commit(
        [
            Put(Entity(Key("Row", f"r{number:02}"), {"colour": "red", "on": True, "size": number % 3}))
            for number in range(count)
        ]
    )


async def pages(space: Namespace, query: Query) -> AsyncIterator[Page]:
    while True:
        page = await space.query(query)
        yield page
        if page.next is None:
            return
        query = replace(query, cursor=page.next)


def ids(page: Page) -> list[str]:
    return [entity.key.id for entity in page.entities]


@pytest.mark.parametrize("query", QUERIES, ids=repr)
async def test_pages_put_together_are_the_whole_in_its_order(space: Namespace, query: Query) -> None:
    await fill(space)
    whole = ids(await space.query(replace(query, limit=100)))

    found = [page async for page in pages(space, query)]

    assert [id for page in found for id in ids(page)] == whole
    assert all(len(page.entities) == 4 for page in found[:-1])
    assert found[-1].entities


async def test_the_last_page_says_so_even_when_it_is_full(space: Namespace) -> None:
    await fill(space, 8)

    first = await space.query(Query("Row", limit=4))
    second = await space.query(Query("Row", limit=4, cursor=first.next))

    assert first.next == first.cursors[-1]
    assert ids(second) == ["r04", "r05", "r06", "r07"]
    assert second.next is None


@pytest.mark.parametrize("query", QUERIES, ids=repr)
async def test_each_entity_has_a_cursor_that_continues_after_it(space: Namespace, query: Query) -> None:
    await fill(space)
    whole = await space.query(replace(query, limit=100))

    for number, cursor in enumerate(whole.cursors):
        rest = await space.query(replace(query, limit=100, cursor=cursor))
        assert rest.entities == whole.entities[number + 1 :]


async def test_rows_added_while_paging_are_met_ahead_and_repeat_nothing(space: Namespace) -> None:
    await fill(space, 8)
    query = Query("Row", {"colour": "red"}, limit=4)
    first = await space.query(query)

    await space.commit([Put(Entity(Key("Row", id), {"colour": "red"})) for id in ("r01x", "r06x")])
    await space.commit([Put(Entity(Key("Row", "r99"), {"colour": "blue"}))])
    rest = [id async for page in pages(space, replace(query, cursor=first.next)) for id in ids(page)]

    assert ids(first) == ["r00", "r01", "r02", "r03"]
    assert rest == ["r04", "r05", "r06", "r06x", "r07"]


async def test_a_cursor_outlives_the_entity_it_stands_at(space: Namespace) -> None:
    await fill(space, 8)
    first = await space.query(Query("Row", limit=4, order_by="size"))
    await space.commit([Put(Entity(first.entities[-1].key, {"size": 0}))])

    rest = await space.query(Query("Row", limit=100, order_by="size", cursor=first.next))

    assert not {entity.key for entity in rest.entities} & {entity.key for entity in first.entities}


@pytest.mark.parametrize("cursor", ["", "nonsense", "????", "ÄÖÜ", "QUJDREVGR0g"])
async def test_what_is_no_cursor_is_refused(space: Namespace, cursor: str) -> None:
    with pytest.raises(Unsupported):
        await space.query(Query("Row", cursor=cursor))


async def test_a_cursor_of_another_query_is_refused(space: Namespace) -> None:
    await fill(space, 4)
    cursor = (await space.query(Query("Row", {"colour": "red"}, limit=1))).next

    for other in (Query("Row"), Query("Row", {"colour": "blue"}), Query("Row", order_by="size")):
        with pytest.raises(Unsupported):
            await space.query(replace(other, cursor=cursor))


async def test_more_rows_than_one_answer_holds_are_paged_through(space: Namespace) -> None:
    rows = [Put(Entity(Key("Row", f"r{number:04}"), {"size": number})) for number in range(1_200)]
    for start in range(0, 1_200, 400):
        await space.commit(rows[start : start + 400])

    found = [page async for page in pages(space, Query("Row", limit=500))]

    assert [len(page.entities) for page in found] == [500, 500, 200]
    assert await space.count(Query("Row")) == 1_200
