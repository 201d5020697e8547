"""What a client is told when something fails: a stable code and a place, and nothing of our insides."""

from __future__ import annotations

from typing import Any

import pytest
import structlog

from api.graphql.codes import STATUS, ErrorCode
from tenants.roles import Role


@pytest.mark.parametrize(
    ("how", "code", "extensions"),
    [
        ("missing", "NOT_FOUND", {"input": ["testId"]}),
        (
            "refused",
            "BAD_USER_INPUT",
            {"problems": [{"code": "NOT_OPEN", "path": ["testId"], "message": "the test is not open"}]},
        ),
        ("unavailable", "STORE_UNAVAILABLE", {"outcome": "NONE"}),
        ("conflict", "STORE_UNAVAILABLE", {"outcome": "NONE"}),
        ("unknown", "STORE_UNAVAILABLE", {"outcome": "UNKNOWN"}),
        ("permission", "FORBIDDEN", {"permission": "AUTHOR"}),
        ("graphql", "BAD_USER_INPUT", {}),
    ],
)
async def test_what_the_platform_raises_on_purpose_keeps_its_meaning(
    door: Any, how: str, code: str, extensions: dict[str, Any]
) -> None:
    answer = await door.ask("query ($how: String!) { serverTime fails(how: $how) }", {"how": how})

    assert answer.status == 200
    assert answer.data["fails"] is None
    assert answer.errors[0]["path"] == ["fails"]
    assert answer.errors[0]["extensions"] == {"code": code, **extensions}
    assert "10.0.0.3" not in answer.response.text


async def test_defect_is_masked_and_found_in_the_log_by_the_request_id(
    door: Any,
) -> None:
    with structlog.testing.capture_logs([structlog.contextvars.merge_contextvars]) as logged:
        answer = await door.ask('{ fails(how: "defect") }', headers={"X-Request-Id": "from-the-client-1"})

    assert answer.codes == ["INTERNAL"]
    assert answer.errors[0]["extensions"]["requestId"] == "from-the-client-1"
    assert "hunter2" not in answer.response.text
    assert "secret.py" not in answer.response.text
    [entry] = [entry for entry in logged if entry["event"] == "resolver failed"]
    assert entry["request_id"] == "from-the-client-1"
    assert "hunter2" in str(entry["exc_info"])


@pytest.mark.parametrize(
    ("how", "reason"), [("unavailable", "10.0.0.3:8081 refused"), ("unknown", "commit timed out")]
)
async def test_why_the_store_failed_is_logged_and_not_told(door: Any, how: str, reason: str) -> None:
    with structlog.testing.capture_logs() as logged:
        answer = await door.ask("query ($how: String!) { fails(how: $how) }", {"how": how})

    assert reason not in answer.response.text
    [entry] = [entry for entry in logged if entry["event"] == "store failed"]
    assert (entry["reason"], entry["log_level"]) == (reason, "warning")


@pytest.mark.parametrize(
    ("variables", "place"),
    [
        ({"i": {"id": "1"}}, "$i"),
        ({"i": {"id": "1", "name": 5}}, "i.name"),
        ({"i": {"id": "1", "name": "n", "tags": [{"text": "a"}, {"text": None}]}}, "i.tags[1].text"),
        ({"i": {"id": "1", "name": "n", "size": 10**300}}, "i.size"),
        ({"i": {"id": "1", "name": "n", "size": "9" * 100_000}}, "i.size"),
        ({"i": {"id": "1", "name": "n", "kind": "NEITHER" * 1000}}, "i.kind"),
        ({"i": {"id": "1", "name": "n", "x" * 10_000: 1}}, "$i"),
        ({"i": {"id": {"deep": ["x" * 1000] * 100}, "name": "n"}}, "i.id"),
        ({"i": None}, "$i"),
        ({}, "$i"),
    ],
    ids=lambda value: str(value)[:30],
)
async def test_bad_variable_is_told_by_its_place_and_never_echoed_whole(
    door: Any, variables: dict[str, Any], place: str
) -> None:
    answer = await door.ask(
        "mutation ($i: RenameInput!) { rename(input: $i) { id } }", variables, role=Role.TEACHER
    )
    assert (answer.status, set(answer.codes)) == (400, {"BAD_USER_INPUT"})
    assert any(place in error["message"] for error in answer.errors)
    assert len(answer.response.text) < 2000


async def test_nothing_is_told_in_the_words_of_our_language(door: Any) -> None:
    document = "mutation ($i: RenameInput!) { rename(input: $i) { id } }"
    told = [
        (await door.ask(document, {"i": value}, role=Role.TEACHER)).message
        for value in ({"id": "1", "name": None}, {"id": "1", "name": "n", "tags": ["x"]}, "x")
    ]

    assert told == [
        "Variable `$i` at `i.name`: a value of type `String!` is needed, not null.",
        "Variable `$i` at `i.tags[0]`: an object of type `TagInput` is needed.",
        "Variable `$i`: an object of type `RenameInput` is needed.",
    ]


async def test_many_wrong_values_are_not_all_told(door: Any) -> None:
    answer = await door.ask("query ($w: [String!]) { echo(words: $w) }", {"w": [1] * 500})

    assert 0 < len(answer.errors) <= 20


async def test_internal_failure_outside_graphql_is_masked_too(make_door: Any) -> None:
    door = make_door()

    async def fail(_: Any) -> Any:
        raise RuntimeError("hunter2")

    object.__setattr__(next(r.endpoint for r in door.app.routes if r.path == "/graphql"), "context_of", fail)
    answer = await door.ask("{ serverTime }")

    assert (answer.status, answer.codes) == (500, ["INTERNAL"])
    assert "hunter2" not in answer.response.text


async def test_result_that_json_cannot_carry_is_masked(door: Any) -> None:
    endpoint = next(route.endpoint for route in door.app.routes if route.path == "/graphql")
    endpoint.schema.query_type.fields["serverTime"].resolve = lambda *_: "\ud800"
    answer = await door.ask("{ serverTime }")

    assert (answer.status, answer.codes) == (500, ["INTERNAL"])


async def test_error_codes_are_those_that_clients_were_promised() -> None:
    assert set(STATUS) == set(ErrorCode)
    assert all(code == code.name for code in ErrorCode)
