"""The web frontends as files: headers, caching, compression, and what their parts must agree on."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest
from graphql import parse, validate
from school import School

from api.bootstrap import SCHEMA, WEB
from tenants.tenant import TenantSettings

LANGUAGES = ("en", "hi")
ASSET = re.compile(r'(?:src|href)="(/web/[^"]+)"')


async def test_the_player_is_the_front_page_and_every_part_of_it_is_there(school: School) -> None:
    page = await school.client.get("/")
    parts = ASSET.findall(page.text)

    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert len(parts) > 20
    for path in parts:
        part = await school.client.get(path)
        assert part.status_code == 200, path
        assert part.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert part.headers["x-content-type-options"] == "nosniff"


async def test_a_page_runs_nothing_inline_and_nothing_from_elsewhere(school: School) -> None:
    page = await school.client.get("/")
    policy = dict(part.split(" ", 1) for part in page.headers["content-security-policy"].split("; "))

    assert "unsafe" not in page.headers["content-security-policy"]
    assert (policy["default-src"], policy["script-src"], policy["style-src"]) == ("'none'", "'self'", "'self'")
    assert (policy["frame-ancestors"], policy["require-trusted-types-for"]) == ("'none'", "'script'")
    assert page.headers["referrer-policy"] == "no-referrer"
    assert re.findall(r"<style|<script(?![^>]*src=)|\sstyle=|\son\w+=|https?://", page.text) == []


async def test_what_has_not_changed_is_not_sent_again(school: School) -> None:
    page = await school.client.get("/")
    again = await school.client.get("/", headers={"If-None-Match": page.headers["etag"]})
    other = await school.client.get("/", headers={"If-None-Match": '"another"'})

    assert (again.status_code, again.content) == (304, b"")
    assert other.status_code == 200
    assert page.headers["cache-control"] == "no-cache"


async def test_text_is_sent_compressed_to_those_who_take_it(school: School) -> None:
    path = ASSET.findall((await school.client.get("/")).text)[-1]
    async with school.client.stream("GET", path, headers={"Accept-Encoding": "gzip"}) as response:
        packed = b"".join([part async for part in response.aiter_raw()])
    plain = await school.client.get(path, headers={"Accept-Encoding": "identity"})

    assert response.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert gzip.decompress(packed) == plain.content
    assert response.headers["etag"] != plain.headers["etag"]


async def test_a_page_of_another_version_gets_the_files_of_this_one_and_keeps_none(school: School) -> None:
    old = await school.client.get("/web/0123456789abcdef/player/main.js")
    missing = await school.client.get("/web/0123456789abcdef/player/no-such.js")
    outside = await school.client.get("/web/0123456789abcdef/..%2fpyproject.toml")

    assert (old.status_code, old.headers["cache-control"]) == (200, "no-cache")
    assert (missing.status_code, outside.status_code) == (404, 404)


async def test_the_page_knows_the_institution_of_its_host_and_no_other(school: School) -> None:
    settings = TenantSettings(hosts=("oakwood.example.org",))
    await school.services.registry.update_settings("oakwood", settings)

    ours = await school.client.get("/", headers={"Host": "oakwood.example.org"})
    nobodys = await school.client.get("/t/oakwood/")

    assert '<meta name="institution" content="oakwood">' in ours.text
    assert '<meta name="institution" content="">' in nobodys.text


@pytest.mark.parametrize("path", sorted(WEB.rglob("*.graphql")), ids=lambda path: path.stem)
def test_every_document_is_valid_and_holds_one_operation_of_its_own_name(path: Path) -> None:
    document = parse(path.read_text("utf-8"))
    operations = [node.name.value for node in document.definitions if node.kind == "operation_definition"]  # type: ignore[attr-defined]

    assert validate(SCHEMA, document) == []
    assert operations == [path.stem]


def test_every_document_that_a_script_asks_for_is_there_and_every_one_is_named() -> None:
    there = {path.stem for path in WEB.rglob("*.graphql")}
    asked = {name for code in scripts() for name in re.findall(r'\.(?:ask|change)\(\s*"(\w+)"', code)}
    named = {name for code in scripts() for name in re.findall(r'"(\w+)"', code)}

    assert asked <= there
    assert there <= named


@pytest.mark.parametrize("area", sorted(path.stem for path in (WEB / "texts" / "en").glob("*.json")))
def test_the_catalogues_of_all_languages_have_the_same_texts_with_the_same_places(area: str) -> None:
    english, *others = (json.loads((WEB / "texts" / tag / f"{area}.json").read_text()) for tag in LANGUAGES)

    for other in others:
        assert other.keys() == english.keys()
        for key, text in english.items():
            assert set(re.findall(r"\{\w+\}", other[key])) == set(re.findall(r"\{\w+\}", text)), key


def test_every_text_that_a_script_names_is_in_the_catalogue() -> None:
    known = {
        key.split(".")[0] for path in (WEB / "texts" / "en").glob("*.json") for key in json.loads(path.read_text())
    }
    named = {key for code in scripts() for key in re.findall(r'\bt\("([^"]+)"', code)}

    assert named
    assert named <= known


def scripts() -> list[str]:
    return [path.read_text("utf-8") for path in WEB.rglob("*.js")]
