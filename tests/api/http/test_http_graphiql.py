"""The page that browsers get in development, and that nothing else gets."""

from __future__ import annotations

import re
from typing import Any

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


async def test_browser_gets_the_page_and_its_parts(door: Any) -> None:
    page = await door.client.get("/t/acme/graphql", headers=BROWSER)

    assert page.headers["content-type"].startswith("text/html")
    for path in [*re.findall(r'(?:src|href)="(/graphiql/[^"]+)"', page.text), "/graphiql/editor.js"]:
        part = await door.client.get(path)
        assert part.status_code == 200
        assert part.headers["content-type"].partition(";")[0] in ("text/javascript", "text/css")


async def test_client_that_wants_json_gets_json(door: Any) -> None:
    with_query = await door.client.get("/graphql", params={"query": "{ serverTime }"}, headers=BROWSER)
    json_first = await door.client.get("/graphql", headers={"Accept": "application/json, text/html;q=0.5"})

    assert with_query.json()["data"]
    assert json_first.status_code == 400


async def test_page_is_not_there_in_production(make_door: Any) -> None:
    client = make_door(mode="production").client

    assert (await client.get("/graphql", headers=BROWSER)).status_code == 400
    assert (await client.get("/graphiql/editor.js")).status_code == 404


async def test_policy_runs_no_inline_script_and_what_comes_from_afar_is_pinned(door: Any) -> None:
    page = await door.client.get("/graphql", headers=BROWSER)
    scripts = re.search(r"script-src ([^;]+)", page.headers["content-security-policy"])

    assert scripts is not None
    assert "unsafe" not in scripts[1]
    assert re.findall(r"<script(?![^>]*src=)|\son\w+=", page.text) == []
    foreign = re.findall(r"<(?:script|link)[^>]*https://[^>]*>", page.text)
    assert len(foreign) == 4
    for tag in foreign:
        assert re.search(r'integrity="sha384-[A-Za-z0-9+/]{64}"', tag)
        assert re.search(r"@\d+\.\d+\.\d+/", tag)
