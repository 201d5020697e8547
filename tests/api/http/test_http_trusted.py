"""Documents that are known beforehand: asked for by their hash, and in production nothing but these."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.graphql.trusted import TrustedDocuments, UntrustedDocuments
from tenants.roles import Role

TIME, ECHO = "{ serverTime }", 'query Said($text: String) { echo(text: $text) }\nquery Other { echo(text: "x") }\n'
RENAME = 'mutation { rename(input: {id: "1", name: "B"}) { id } }'
UNKNOWN = "0" * 64


def hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in {"time": TIME, "said": ECHO, "rename": RENAME}.items():
        (tmp_path / "web" / name).mkdir(parents=True)
        (tmp_path / "web" / name / f"{name}.graphql").write_text(text)
    return tmp_path / "web"


@pytest.fixture
def strict(make_door: Callable[..., Any], folder: Path) -> Any:
    """Return a door that takes the folder's documents alone."""
    return make_door(trusted=TrustedDocuments.read_folder(folder), trusted_documents=folder)


@pytest.fixture
def open_door(make_door: Callable[..., Any], folder: Path) -> Any:
    """Return a door that knows the folder's documents and takes all others too."""
    return make_door(trusted=TrustedDocuments.read_folder(folder))


async def posted(door: Any, role: Role | None = None, accept: str | None = None, **body: Any) -> httpx.Response:
    headers = {"Accept": accept or "application/graphql-response+json"}
    if role is not None:
        headers["Authorization"] = f"Bearer {door.token(role)}"
    response: httpx.Response = await door.client.post("/graphql", json=body, headers=headers)
    return response


def codes(response: httpx.Response) -> list[str]:
    return [error["extensions"]["code"] for error in response.json()["errors"]]


def persisted(hash: str) -> dict[str, Any]:
    return {"persistedQuery": {"version": 1, "sha256Hash": hash}}


@pytest.mark.parametrize("only", [True, False])
async def test_known_document_is_executed_by_its_hash(strict: Any, open_door: Any, only: bool) -> None:
    door = strict if only else open_door
    by_id = await posted(door, documentId=f"sha256:{hashed(TIME)}")
    by_extension = await posted(door, extensions=persisted(hashed(TIME)))
    named = await posted(
        door, documentId=f"sha256:{hashed(ECHO)}", operationName="Said", variables={"text": "hello"}
    )
    got = await door.client.get("/graphql", params={"documentId": f"sha256:{hashed(TIME)}"})

    assert by_id.json()["data"] == by_extension.json()["data"] == got.json()["data"]
    assert "hello" in named.json()["data"]["echo"]


@pytest.mark.parametrize("only", [True, False])
async def test_unknown_hash_is_told_as_clients_expect(strict: Any, open_door: Any, only: bool) -> None:
    door = strict if only else open_door
    answers = [
        await posted(door, documentId=f"sha256:{UNKNOWN}"),
        await posted(door, documentId="md5-of-old"),
        await posted(door, extensions=persisted(UNKNOWN)),
    ]
    legacy = await posted(door, accept="application/json", extensions=persisted(UNKNOWN))

    for answer in answers:
        assert (answer.status_code, codes(answer)) == (400, ["PERSISTED_QUERY_NOT_FOUND"])
        assert answer.json()["errors"][0]["message"] == "PersistedQueryNotFound"
    assert (legacy.status_code, codes(legacy)) == (200, ["PERSISTED_QUERY_NOT_FOUND"])


async def test_text_is_refused_unless_it_is_that_of_a_known_document(strict: Any, open_door: Any) -> None:
    known = await posted(strict, query=TIME)
    unknown = await posted(strict, query="{ serverTime } ", extensions=persisted(hashed("{ serverTime } ")))

    assert known.json()["data"]
    assert (unknown.status_code, codes(unknown)) == (400, ["DOCUMENT_NOT_TRUSTED"])
    assert (await posted(open_door, query="{ serverTime } ")).json()["data"]


async def test_hash_beside_another_text_is_refused(open_door: Any) -> None:
    wrong = await posted(open_door, query=TIME, extensions=persisted(hashed(ECHO)))
    two = await posted(open_door, documentId=f"sha256:{hashed(TIME)}", extensions=persisted(hashed(ECHO)))
    right = await posted(open_door, query=TIME, extensions=persisted(hashed(TIME)))

    assert (codes(wrong), codes(two)) == (["BAD_REQUEST"], ["BAD_REQUEST"])
    assert right.json()["data"]


@pytest.mark.parametrize(
    "body",
    [
        {"documentId": 7},
        {"extensions": {"persistedQuery": "x"}},
        {"extensions": {"persistedQuery": {"version": 2, "sha256Hash": UNKNOWN}}},
        {"extensions": {}},
    ],
)
async def test_malformed_way_of_asking_is_a_bad_request(open_door: Any, body: dict[str, Any]) -> None:
    answer = await posted(open_door, **body)

    assert (answer.status_code, codes(answer)) == (400, ["BAD_REQUEST"])


async def test_access_and_method_are_judged_as_ever(strict: Any) -> None:
    asked = {"documentId": f"sha256:{hashed(RENAME)}"}
    got = await strict.client.get("/graphql", params=asked)

    assert (await posted(strict, Role.TEACHER, **asked)).json()["data"]["rename"] == {"id": "1"}
    assert set(codes(await posted(strict, **asked))) == {"UNAUTHENTICATED"}
    assert (got.status_code, codes(got)) == (405, ["METHOD_NOT_ALLOWED"])


def test_folder_and_file_hold_the_same_documents(folder: Path, tmp_path: Path) -> None:
    read = TrustedDocuments.read(folder)
    (tmp_path / "trusted.json").write_text(json.dumps(read.texts))

    assert TrustedDocuments.read(tmp_path / "trusted.json").texts == read.texts
    assert read.manifest == {
        "time": f"sha256:{hashed(TIME)}",
        "said": f"sha256:{hashed(ECHO)}",
        "rename": f"sha256:{hashed(RENAME)}",
    }


@pytest.mark.parametrize("content", ["{", "[]", '{"a": 1}', json.dumps({UNKNOWN: TIME})])
def test_file_of_another_form_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "trusted.json").write_text(content)

    with pytest.raises(UntrustedDocuments, match=r"trusted\.json"):
        TrustedDocuments.read(tmp_path / "trusted.json")


def test_two_documents_of_one_name_are_refused(folder: Path) -> None:
    (folder / "time.graphql").write_text(ECHO)

    with pytest.raises(UntrustedDocuments, match="time"):
        TrustedDocuments.read_folder(folder)


def test_invalid_document_is_told_by_its_name_before_anything_is_served(
    make_door: Callable[..., Any], folder: Path
) -> None:
    (folder / "bad.graphql").write_text("{ nothing }")

    with pytest.raises(UntrustedDocuments, match="bad: Cannot query field 'nothing'"):
        make_door(trusted=TrustedDocuments.read_folder(folder))
