"""What waits is awaited together, in no more tasks than are needed; what need not wait is not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from graphql import ExecutionResult
from library import Book, Person, compiled, told


async def settled(result: Any) -> ExecutionResult:
    answer: ExecutionResult = await asyncio.wait_for(result, 5)
    return answer


async def test_siblings_run_at_the_same_time() -> None:
    met = asyncio.Barrier(2)

    async def owner(_: object) -> Person:
        await met.wait()
        return Person("Ada")

    books = [Book("1", owner=owner), Book("2", owner=owner)]
    result = await settled(compiled("{ books { id owner { name } } }").execute({"books": books}))
    assert result.data == {"books": [{"id": id, "owner": {"name": "Ada"}} for id in "12"]}


async def test_what_arrives_goes_on_while_its_siblings_wait() -> None:
    arrived = asyncio.Event()

    async def slow(*_: object, **__: object) -> str:
        await arrived.wait()
        return "slow"

    async def inner(_: object) -> Person:
        arrived.set()
        return Person("Ada")

    async def quick(_: object) -> Book:
        return Book("2", owner=inner)

    book = {"title": slow, "sequel": quick}
    result = await settled(compiled("{ book(id: 1) { title sequel { owner { name } } } }").execute({"book": book}))
    assert result.data == {"book": {"title": "slow", "sequel": {"owner": {"name": "Ada"}}}}


async def test_futures_and_one_lone_coroutine_need_no_task() -> None:
    before = asyncio.all_tasks()
    seen: list[int] = []

    async def book(*_: object, **__: object) -> Book:
        seen.append(len(asyncio.all_tasks() - before))
        return Book("1", owner=future)

    future: asyncio.Future[Person] = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_soon(future.set_result, Person("Ada"))
    result: Any = compiled("{ book(id: 1) { owner { name } } }").execute({"book": book})
    assert (await result).data == {"book": {"owner": {"name": "Ada"}}}
    assert seen == [0]


async def test_one_future_answers_all_who_wait_for_it() -> None:
    future: asyncio.Future[Person] = asyncio.get_running_loop().create_future()
    books = [Book(str(number), owner=future) for number in range(3)]
    result = compiled("{ books { owner { name } } }").execute({"books": books})
    asyncio.get_running_loop().call_soon(future.set_result, Person("Ada"))
    assert (await settled(result)).data == {"books": [{"owner": {"name": "Ada"}}] * 3}


async def test_nulls_travel_from_what_was_awaited() -> None:
    async def nothing(*_: object) -> None:
        await asyncio.sleep(0)

    books = [Book("1", sequel=Book("2", required=nothing)), Book("3", pages=nothing)]
    text = "{ book(id: 1) { sequel { id required { id } } } shelves { pages } }"
    result = await settled(compiled(text).execute({"book": books[0], "shelves": [books]}))
    assert result.data == {"book": {"sequel": None}, "shelves": [[{"pages": 1}, None]]}
    assert told(result.errors) == [
        ("Cannot return null for non-nullable field Book.required.", ["book", "sequel", "required"]),
        ("Cannot return null for non-nullable field Book.pages.", ["shelves", 0, 1, "pages"]),
    ]


async def test_an_answer_without_data_does_not_wait_for_the_rest() -> None:
    never: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def nothing(*_: object) -> None:
        return None

    result: Any = compiled("{ library { name } book(id: 1) { title } }").execute(
        {"library": nothing, "book": {"title": never}}
    )
    assert (await settled(result)).data is None
    assert not never.cancelled()


async def test_what_nobody_waits_for_any_more_is_not_started() -> None:
    started = []

    async def title(*_: object, **__: object) -> None:
        started.append(1)

    book = {"title": title, "pages": None}
    result: Any = compiled("{ book(id: 1) { title pages } thing { __typename } }").execute(
        {"book": book, "thing": Book("1")}
    )
    answer = await result if asyncio.iscoroutine(result) else result
    assert answer.data == {"book": None, "thing": {"__typename": "Book"}}
    assert not started


async def test_cancelling_an_execution_cancels_what_it_waits_for() -> None:
    cancelled = []
    started = asyncio.Barrier(3)

    async def owner(_: object) -> None:
        try:
            await started.wait()
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            cancelled.append(1)
            raise

    books = [Book("1", owner=owner), Book("2", owner=owner)]
    task = asyncio.ensure_future(settled(compiled("{ books { owner { name } } }").execute({"books": books})))
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.sleep(0)  # in which they hear of it
    assert cancelled == [1, 1]


async def test_lists_may_come_one_by_one_and_hold_what_is_awaited() -> None:
    async def book(id: str) -> Book:
        return Book(id)

    async def books(*_: object, **__: object) -> AsyncIterator[Any]:
        yield Book("1")
        yield Book("2")

    operation = compiled("{ books { id } }")
    assert (await settled(operation.execute({"books": books}))).data == {"books": [{"id": "1"}, {"id": "2"}]}
    held = operation.execute({"books": [book("1"), Book("2"), book("3")]})
    assert (await settled(held)).data == {"books": [{"id": "1"}, {"id": "2"}, {"id": "3"}]}


async def test_mutations_run_one_after_the_other() -> None:
    done: list[str] = []

    async def lend(_: object, id: str) -> Book:
        await asyncio.sleep(0)
        done.append(f"lent {id}")
        return Book(id)

    def lose(_: object, id: str) -> Book:
        done.append(f"lost {id}")
        return Book(id)

    text = "mutation { a: lend(id: 1) { id } b: lose(id: 2) { id } c: lend(id: 3) { id } }"
    result = await settled(compiled(text).execute({"lend": lend, "lose": lose}))
    assert done == ["lent 1", "lost 2", "lent 3"]
    assert result.data == {"a": {"id": "1"}, "b": {"id": "2"}, "c": {"id": "3"}}


async def test_each_event_of_a_subscription_is_answered() -> None:
    async def lent(*_: object) -> AsyncIterator[dict[str, Book]]:
        yield {"lent": Book("1")}
        yield {"lent": Book("2", pages=None)}

    stream: Any = await compiled("subscription { lent { id pages } }").subscribe({"lent": lent})
    answers = [answer async for answer in stream]
    assert [answer.data for answer in answers] == [{"lent": {"id": "1", "pages": 1}}, {"lent": None}]
    refused: Any = await compiled("subscription { lent { id } }").subscribe({"lent": ValueError("closed")})
    assert told(refused.errors) == [("closed", ["lent"])]
