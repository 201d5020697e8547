"""Bytes of values that never change are made once, for each selection and its variables, within their limit."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson
from library import Book, Person, compiled

from graphql_compiler import Frozen, FrozenValues

BY_VERSION = "query ($in: String, $n: Int) { books(first: $n) { id title(language: $in) owner { name } } }"


class Counting:
    """A root whose book tells how often it was read."""

    def __init__(self, **titles: Any) -> None:
        self.reads = 0
        self.titles = titles
        self.version: int | None = 1

    def books(self, _: object, **__: object) -> list[Any]:
        return [self]

    @property
    def id(self) -> str:
        self.reads += 1
        return "1"

    def title(self, _: object, language: str) -> Any:
        told = self.titles.get(language)
        if isinstance(told, Exception):
            raise told
        return told


def frozen(limit: int = 10_000) -> Frozen:
    return Frozen({"Book": lambda book, _: book.version and (book.id, book.version)}, FrozenValues(limit))


def answer(operation: Any, root: object, **variables: Any) -> Any:
    return orjson.loads(operation.execute_bytes(root, None, variables))


def test_a_frozen_value_is_completed_once_while_its_key_and_variables_stay() -> None:
    kept = Frozen({"Book": lambda book, _: book.version}, FrozenValues(10_000))
    operation, root = compiled(BY_VERSION, frozen=kept), Counting(en="A", hi="B")
    first = answer(operation, root)
    assert first == {"data": {"books": [{"id": "1", "title": "A", "owner": None}]}}
    assert answer(operation, root) == first
    assert root.reads == 1
    assert answer(operation, root, **{"in": "hi"})["data"]["books"][0]["title"] == "B"
    assert answer(operation, root, n=5) == first  # a variable that nothing below depends on
    assert root.reads == 2
    root.version = 2
    answer(operation, root)
    assert root.reads == 3
    assert (kept.values.hits, kept.values.misses) == (2, 3)


def test_a_value_without_a_key_and_a_result_that_is_no_bytes_are_made_anew() -> None:
    kept = Frozen({"Book": lambda book, _: book.version}, FrozenValues(10_000))
    operation, root = compiled(BY_VERSION, frozen=kept), Counting(en="A")
    root.version = None
    answer(operation, root)
    answer(operation, root)
    root.version = 1
    assert operation.execute(root).data == operation.execute(root).data  # type: ignore[union-attr]
    assert root.reads == 4
    assert len(kept.values) == 0


def test_a_value_below_which_something_failed_is_never_kept() -> None:
    kept = Frozen({"Book": lambda book, _: book.version}, FrozenValues(10_000))
    operation, root = compiled(BY_VERSION, frozen=kept), Counting(en=ValueError("for a moment"))
    assert answer(operation, root)["errors"][0]["message"] == "for a moment"
    root.titles["en"] = "A"
    assert answer(operation, root) == {"data": {"books": [{"id": "1", "title": "A", "owner": None}]}}


def test_equal_values_of_other_types_are_other_keys() -> None:
    kept = Frozen({"Book": lambda book, _: 1}, FrozenValues(10_000))
    operation = compiled("query ($f: Boolean!) { books { id title pages @include(if: $f) } }", frozen=kept)
    book = Book("1")
    assert "pages" in answer(operation, {"books": [book]}, f=True)["data"]["books"][0]
    assert "pages" not in answer(operation, {"books": [book]}, f=False)["data"]["books"][0]


def test_memory_stays_within_its_limit_and_what_was_used_last_is_kept() -> None:
    values = FrozenValues(limit=5_000)
    kept = Frozen({"Book": lambda book, _: book.id}, values)
    operation = compiled("{ books { id title } }", frozen=kept)
    books = [Book(str(number), titles={"en": "x" * 600}) for number in range(50)]
    for book in books:
        answer(operation, {"books": [books[0], book]})
        assert values.bytes <= 5_000
    hits = values.hits
    answer(operation, {"books": [books[0], books[-1]]})
    assert values.hits == hits + 2
    answer(operation, {"books": [Book("huge", titles={"en": "x" * 9_000})]})
    assert values.bytes <= 5_000


async def test_values_that_wait_are_kept_when_they_are_done() -> None:
    kept = Frozen({"Book": lambda book, _: book.id}, FrozenValues(10_000))
    operation = compiled("{ books { id owner { name } sequel { id } } }", frozen=kept)
    asked = []

    async def owner(_: object) -> Person:
        asked.append(1)
        await asyncio.sleep(0)
        return Person("Ada")

    root = {"books": [Book("1", owner=owner, sequel=Book("2", owner=owner)), Book("3", owner=owner)]}
    first = await operation.execute_bytes(root)  # type: ignore[misc]
    assert operation.execute_bytes(root) == first
    assert asked == [1, 1]


async def test_values_that_fail_when_they_are_awaited_are_not_kept() -> None:
    kept = Frozen({"Book": lambda book, _: book.id}, FrozenValues(10_000))
    operation = compiled("{ shelves { id pages } }", frozen=kept)

    async def nothing(_: object) -> None:
        return None

    root = {"shelves": [[Book("1", pages=nothing)]]}
    assert orjson.loads(await operation.execute_bytes(root))["data"] == {"shelves": [[None]]}  # type: ignore[misc]
    assert len(kept.values) == 0


def test_a_field_apart_is_read_each_time_and_put_between_the_bytes_that_are_kept() -> None:
    kept = Frozen(
        {"Book": lambda book, _: book.version}, FrozenValues(10_000), {"Book": {"id": lambda book: book.shelf}}
    )
    query = '{ books { first: id title(language: "en") again: id } plain: books { title(language: "en") } }'
    operation, root = compiled(query, frozen=kept), Counting(en='A "quoted" \0 title')
    root.shelf = "1"  # type: ignore[attr-defined]
    first = answer(operation, root)["data"]["books"]
    assert first == [{"first": "1", "title": 'A "quoted" \0 title', "again": "1"}]
    root.shelf = 'two "2"'  # type: ignore[attr-defined]
    reads = root.reads
    assert answer(operation, root)["data"]["books"] == [{**first[0], "first": 'two "2"', "again": 'two "2"'}]
    assert root.reads == reads
    root.titles["en"] = ValueError("gone")
    root.version = 2
    assert answer(operation, root)["errors"][0]["message"] == "gone"
    assert len(kept.values) == 2  # of the first version, one for each selection
