"""What is a GraphQL-over-HTTP request, and what is told of one that is not."""

from __future__ import annotations

import json
from typing import Any

import pytest


async def test_query_is_answered_by_post_and_by_get(door: Any) -> None:
    by_post = await door.ask("{ serverTime }")
    by_get = await door.client.get("/graphql", params={"query": "{ serverTime }"})

    assert by_post.status == by_get.status_code == 200
    assert by_post.data == by_get.json()["data"] == {"serverTime": "2025-06-02T09:00:00+00:00"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"NONSENSE",
        b'{"query":',
        b'{"query": "{ serverTime }", "variables": {"n": NaN}}',
        b'{"query": "{ serverTime }", "variables": {"n": Infinity}}',
        b'{"query": "{ serverTime }", "variables": {"n": 1e400}}',
        b'{"query": "{ serverTime }", "variables": {"n": 1' + b"0" * 400 + b"}}",
        b'{"query": "{ serverTime }", "variables": {"n": 1' + b"0" * 5000 + b"}}",
        b'{"query": "{ serverTime }", "variables": {"s": "\\ud800"}}',
        b'{"query": "{ serverTime }", "variables": {"s": "\xff"}}',
        b'{"query": "{ serverTime }", "query": "{ viewer { id } }"}',
        b'{"query": "{ serverTime }", "variables": {"a": 1, "a": 2}}',
        b'{"query": "{ serverTime }", "variables": {"a": ' + b"[" * 40 + b"]" * 40 + b"}}",
        b'{"query": "{ serverTime }", "variables": {"a": ' + b"[" * 5000 + b"]" * 5000 + b"}}",
        b'{"query": "{ serverTime }", "variables": {"a": ' + b'{"a":' * 900 + b"1" + b"}" * 900 + b"}}",
        b'[{"query": "{ serverTime }"}]',
        b'"{ serverTime }"',
        b"{}",
        b'{"qeury": "{ serverTime }"}',
        b'{"query": 1}',
        b'{"query": null}',
        b'{"query": "{ serverTime }", "operationName": {}}',
        b'{"query": "{ serverTime }", "variables": []}',
        b'{"query": "{ serverTime }", "variables": "{}"}',
        b'{"query": "{ serverTime }", "extensions": 0}',
    ],
    ids=lambda body: body[:40].decode("latin1") + f"…{len(body)}",
)
@pytest.mark.parametrize("accept", ["application/json", "application/graphql-response+json"])
async def test_ill_formed_body_is_a_clear_400(door: Any, body: bytes, accept: str) -> None:
    answer = await door.post(body, Accept=accept)

    assert answer.status == 400
    assert answer.codes == ["BAD_REQUEST"]
    assert len(answer.message) < 200
    assert answer.response.headers["content-type"] == f"{accept}; charset=utf-8"


async def test_absent_null_and_unknown_parameters_are_no_matter(door: Any) -> None:
    body = {"query": "{ serverTime }", "operationName": None, "variables": None, "extensions": None, "id": 7}

    assert (await door.post(json.dumps(body).encode())).status == 200


async def test_text_keeps_every_character(door: Any) -> None:
    answer = await door.ask("query ($t: String) { echo(text: $t) }", {"t": "Ω😀\u2028 नमस्ते"})

    assert answer.data == {"echo": "{'text': 'Ω😀\\u2028 नमस्ते'}"}


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=latin1",
    ],
)
async def test_other_media_types_of_the_body_are_refused(door: Any, content_type: str) -> None:
    answer = await door.post(b'{"query": "{ serverTime }"}', Content_Type=content_type)

    assert (answer.status, answer.codes) == (415, ["UNSUPPORTED_MEDIA_TYPE"])


async def test_body_without_a_media_type_or_compressed_is_refused(door: Any) -> None:
    body = b'{"query": "{ serverTime }"}'
    bare = await door.client.post("/graphql", content=body)
    compressed = await door.post(body, Content_Encoding="gzip")

    assert bare.status_code == compressed.status == 415


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("application/graphql-response+json", "application/graphql-response+json"),
        ("application/json", "application/json"),
        ("*/*", "application/json"),
        ("application/*", "application/json"),
        ("application/graphql-response+json, application/json;q=0.9", "application/graphql-response+json"),
        ("application/json, application/graphql-response+json;q=0.5", "application/json"),
        ("text/html, */*;q=0.1", "application/json"),
        ("application/json;q=0, */*", "application/graphql-response+json"),
        ("APPLICATION/JSON; charset=UTF-8", "application/json"),
    ],
)
async def test_accept_chooses_the_media_type(door: Any, accept: str, expected: str) -> None:
    answer = await door.ask("{ serverTime }", accept=accept)

    assert answer.status == 200
    assert answer.response.headers["content-type"] == f"{expected}; charset=utf-8"


@pytest.mark.parametrize("accept", ["text/css", "application/json;q=0", "application/json; charset=utf-16", "x"])
async def test_accept_of_nothing_that_is_served_is_406(door: Any, accept: str) -> None:
    answer = await door.ask("{ serverTime }", accept=accept)

    assert (answer.status, answer.codes) == (406, ["NOT_ACCEPTABLE"])


async def test_mutation_by_get_and_other_methods_are_405_with_allow(door: Any) -> None:
    mutation = await door.client.get("/graphql", params={"query": "mutation { __typename }"})
    put = await door.client.put("/graphql", json={"query": "{ serverTime }"})
    head = await door.client.head("/graphql")

    assert (mutation.status_code, mutation.headers["allow"]) == (405, "POST")
    assert (put.status_code, put.headers["allow"]) == (405, "GET, POST")
    assert head.status_code == 405


@pytest.mark.parametrize(
    "query_string",
    [
        "",
        "query=",
        "query=%7B+serverTime+%7D&query=x",
        "query=%FF",
        "query=%7B+serverTime+%7D&variables=%7B",
        "query=%7B+serverTime+%7D" + "&a=1" * 50,
        "variables=[]",
    ],
)
async def test_ill_formed_query_string_is_400(door: Any, query_string: str) -> None:
    response = await door.client.get(
        f"/graphql?{query_string}", headers={"Accept": "application/graphql-response+json"}
    )

    assert response.status_code == 400


async def test_too_many_parameters_are_told_as_that(door: Any) -> None:
    response = await door.client.get("/graphql?query=%7B+serverTime+%7D" + "&a=1" * 50)

    assert "50 parameters" in response.json()["errors"][0]["message"]


async def test_of_very_many_media_types_the_first_are_read(door: Any) -> None:
    wanted = "application/graphql-response+json"

    assert (await door.ask("{ serverTime }", accept=f"{wanted}," + "a/b," * 15_000)).status == 200
    assert (await door.ask("{ serverTime }", accept="a/b," * 15_000 + wanted)).status == 406


async def test_operation_is_chosen_by_name(door: Any) -> None:
    document = "query A { serverTime } query B { __typename }"

    assert (await door.ask(document, operationName="B")).data == {"__typename": "Query"}
    assert (await door.ask(document)).codes == ["GRAPHQL_VALIDATION_FAILED"]
    assert (await door.ask(document, operationName="C")).status == 400
    assert (await door.ask("{ serverTime }", operationName="")).status == 200


@pytest.mark.parametrize(
    ("document", "variables", "code"),
    [
        ("{", None, "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", None, "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { serverTime }", None, "GRAPHQL_VALIDATION_FAILED"),
        ("query ($n: Int!) { echo(number: $n) }", {"n": "one"}, "BAD_USER_INPUT"),
        ("fragment F on Query { serverTime }", None, "GRAPHQL_VALIDATION_FAILED"),
    ],
)
async def test_request_error_is_4xx_or_for_legacy_clients_200(
    door: Any, document: str, variables: dict[str, Any] | None, code: str
) -> None:
    modern = await door.ask(document, variables)
    legacy = await door.ask(document, variables, accept="application/json")

    assert modern.status == 400
    assert legacy.status == 200
    assert modern.codes[0] == legacy.codes[0] == code
    assert "data" not in modern.response.json()


async def test_unknown_path_is_answered_in_the_same_shape(door: Any) -> None:
    response = await door.client.get("/nowhere")

    assert response.status_code == 404
    assert response.json()["errors"][0]["extensions"] == {"code": "NOT_FOUND"}
