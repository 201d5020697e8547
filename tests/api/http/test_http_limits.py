"""Operations that would cost too much are refused before anything runs, and the checks themselves stay cheap."""

from __future__ import annotations

from typing import Any

import pytest

from tenants.roles import Role


def nested(levels: int) -> str:
    return "{ viewer " + "{ friend " * levels + "{ id }" + " }" * levels + " }"


async def test_depth_up_to_the_limit_is_answered_and_beyond_is_refused(door: Any) -> None:
    assert (await door.ask(nested(7), role=Role.TEACHER)).status == 200
    beyond = await door.ask(nested(8), role=Role.TEACHER)

    assert (beyond.status, beyond.codes) == (400, ["LIMIT_EXCEEDED"])


async def test_depth_counts_through_fragments(door: Any) -> None:
    chain = " ".join(f"fragment F{i} on Person {{ friend {{ ...F{i + 1} }} }}" for i in range(9))
    answer = await door.ask(f"{{ viewer {{ ...F0 }} }} {chain} fragment F9 on Person {{ id }}", role=Role.TEACHER)

    assert answer.codes == ["LIMIT_EXCEEDED"]


async def test_document_nested_beyond_the_parser_is_refused(door: Any) -> None:
    answer = await door.ask("{ viewer " + "{ friend " * 400 + "{ id }" + " }" * 401, role=Role.TEACHER)

    assert answer.codes == ["LIMIT_EXCEEDED"]


async def test_tokens_comments_and_length_are_limited(door: Any) -> None:
    many_tokens = await door.ask("{ " + "serverTime " * 1001 + "}")
    many_comments = await door.ask("{ serverTime }\n" + "#\n" * 1001)
    long = await door.ask("{ serverTime }" + " " * 50_000)

    assert many_tokens.codes == many_comments.codes == long.codes == ["LIMIT_EXCEEDED"]


async def test_aliases_of_a_field_are_limited(door: Any) -> None:
    def aliases(count: int) -> str:
        return "{ " + " ".join(f"a{i}: serverTime" for i in range(count)) + " }"

    assert (await door.ask(aliases(15))).status == 200
    assert (await door.ask(aliases(16))).codes == ["LIMIT_EXCEEDED"]


async def test_aliases_count_as_often_as_their_fragment_is_spread(door: Any) -> None:
    inner = "fragment F on Person { a: name b: name c: name d: name }"
    spreads = " ".join(f"p{i}: viewer {{ ...F }}" for i in range(4))

    assert (await door.ask(f"{{ {spreads} }} {inner}", role=Role.TEACHER)).codes == ["LIMIT_EXCEEDED"]


async def test_directives_are_limited(door: Any) -> None:
    few = "{ " + "serverTime @include(if: true) " * 20 + "}"
    many = "{ " + "serverTime @include(if: true) " * 21 + "}"

    assert (await door.ask(few)).status == 200
    assert "LIMIT_EXCEEDED" in (await door.ask(many)).codes


async def test_one_mutation_a_document(door: Any) -> None:
    rename = 'rename(input: {id: "1", name: "B"}) { id }'
    one = await door.ask(f"mutation {{ a: {rename} __typename }}", role=Role.TEACHER)
    two = await door.ask(
        f"mutation {{ a: {rename} ...M }} fragment M on Mutation {{ b: {rename} }}", role=Role.TEACHER
    )

    assert one.data == {"a": {"id": "1"}, "__typename": "Mutation"}
    assert two.codes == ["LIMIT_EXCEEDED"]


@pytest.mark.parametrize(
    ("query", "variables", "codes"),
    [
        ("{ tests(first: 100) { nodes { id } } }", None, []),
        ("{ tests(first: 101) { nodes { id } } }", None, ["LIMIT_EXCEEDED"]),
        ("{ tests(last: 101) { nodes { id } } }", None, ["LIMIT_EXCEEDED"]),
        ("{ tests(first: 1, last: 101) { nodes { id } } }", None, ["LIMIT_EXCEEDED"]),
        ("{ tests(first: -1) { nodes { id } } }", None, ["BAD_USER_INPUT"]),
        ("query ($n: Int) { tests(first: $n) { nodes { id } } }", {"n": 100}, []),
        ("query ($n: Int) { tests(first: $n) { nodes { id } } }", {"n": None}, []),
        ("query ($n: Int) { tests(first: $n) { nodes { id } } }", {"n": 101}, ["LIMIT_EXCEEDED"]),
        ("query ($n: Int) { tests(last: $n) { nodes { id } } }", {"n": -5}, ["BAD_USER_INPUT"]),
        ("query ($n: Int = 101) { tests(first: $n) { nodes { id } } }", {}, ["LIMIT_EXCEEDED"]),
        ("{ tests(first: 1" + "0" * 300 + ") { nodes { id } } }", None, ["GRAPHQL_VALIDATION_FAILED"]),
    ],
)  # fmt: skip
async def test_pages_are_limited_in_the_document_and_in_variables(
    door: Any, query: str, variables: dict[str, Any] | None, codes: list[str]
) -> None:
    assert (await door.ask(query, variables, role=Role.TEACHER)).codes == codes


async def test_cost_multiplies_pages_and_is_judged_by_the_variables(door: Any) -> None:
    query = "query ($n: Int) { tests(first: 100) { nodes { tests(first: $n) { nodes { id title } } } } }"

    assert (await door.ask(query, {"n": 10}, role=Role.TEACHER)).codes == []
    assert (await door.ask(query, {"n": 100}, role=Role.TEACHER)).codes == ["LIMIT_EXCEEDED"]
    unsized = await door.ask("{ tests(first: 100) { nodes { tests { nodes { id title } } } } }", role=Role.TEACHER)
    assert unsized.codes == ["LIMIT_EXCEEDED"]
    assert unsized.errors[0]["extensions"]["limit"] == 10_000


async def test_lists_in_the_input_are_limited_wherever_they_are(door: Any) -> None:
    query = "query ($w: [String!]) { echo(words: $w) }"
    rename = "mutation ($i: RenameInput!) { rename(input: $i) { id } }"
    tags = {"id": "1", "name": "n", "within": {"id": "1", "name": "n", "tags": [{"text": "t"}] * 501}}

    assert (await door.ask(query, {"w": ["a"] * 500})).codes == []
    assert (await door.ask(query, {"w": ["a"] * 501})).codes == ["LIMIT_EXCEEDED"]
    deep = await door.ask(rename, {"i": tags}, role=Role.TEACHER)
    assert deep.codes == ["LIMIT_EXCEEDED"]
    assert deep.errors[0]["extensions"]["input"] == ["i", "within", "tags"]
    literal = await door.ask("{ echo(words: [" + '"a" ' * 501 + "]) }")
    assert "LIMIT_EXCEEDED" in literal.codes


async def test_fragment_cycle_is_refused(door: Any) -> None:
    document = (
        "{ viewer { ...A } } fragment A on Person { friend { ...B } } fragment B on Person { friend { ...A } }"
    )

    assert (await door.ask(document, role=Role.TEACHER)).codes == ["GRAPHQL_VALIDATION_FAILED"]


async def test_fragments_that_fan_out_are_refused_without_being_written_out(door: Any) -> None:
    """Sixty fragments, each spreading the next twice: whoever writes them out comes to no end."""
    bomb = "".join(
        f" fragment F{i} on Person {{ a: friend {{ ...F{i + 1} }} b: friend {{ ...F{i + 1} }} }}"
        for i in range(60)
    )
    document = "{ viewer { ...F0 } }" + bomb + " fragment F60 on Person { id }"
    flat = "".join(f" fragment F{i} on Person {{ ...F{i + 1} ...F{i + 1} }}" for i in range(60))
    flat = "{ viewer { ...F0 } }" + flat + " fragment F60 on Person { a: name }"

    for asked in (document, flat):
        assert "LIMIT_EXCEEDED" in (await door.ask(asked, role=Role.TEACHER)).codes


async def test_introspection_bomb_is_refused(door: Any) -> None:
    deep = "{ __schema { types { " + "fields { type { " * 6 + "name" + " } }" * 6 + " } } }"

    assert (await door.ask(deep)).status == 400


async def test_document_checked_once_is_kept_and_the_cache_is_bounded(make_door: Any) -> None:
    door = make_door(document_cache=3)
    documents = next(route.endpoint.documents for route in door.app.routes if route.path == "/graphql")
    for name in "ABCDE":
        await door.ask(f"query {name} {{ serverTime }}")
        await door.ask(f"query {name} {{ nothing }}")

    assert len(documents) == 3


async def test_of_long_documents_fewer_are_kept(make_door: Any) -> None:
    door = make_door(max_document_length=60_000)
    documents = next(route.endpoint.documents for route in door.app.routes if route.path == "/graphql")
    for name in "ABCDE":
        await door.ask(f"query {name} {{ serverTime }} #" + "-" * 45_000)

    assert len(documents) == 3


async def test_limits_are_settings(make_door: Any) -> None:
    door = make_door(max_aliases=1, max_tokens=50)

    assert (await door.ask("{ a: serverTime b: serverTime }")).codes == ["LIMIT_EXCEEDED"]
    assert (await door.ask("{ " + "serverTime " * 60 + "}")).codes == ["LIMIT_EXCEEDED"]
