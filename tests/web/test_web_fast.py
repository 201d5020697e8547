"""Fast on weak phones: little to load, and little to do for a question."""

from __future__ import annotations

import json

import pytest
from hall import Hall, seated
from playwright.async_api import Request, expect

pytestmark = pytest.mark.asyncio(loop_scope="session")

FIRST_LOAD = 100 * 1024
SIZES = """performance.getEntriesByType("resource").concat(performance.getEntriesByType("navigation"))
  .filter(({ name }) => !name.endsWith("/graphql") && !name.endsWith("/worker.js"))
  .map(({ name, encodedBodySize }) => [name, encodedBodySize])"""


async def test_the_first_load_fits_into_a_hundred_kilobytes(hall: Hall) -> None:
    desk = await hall.desk()
    await expect(desk.page.get_by_role("button", name="Log in")).to_be_visible()

    sizes = dict(await desk.page.evaluate(SIZES))

    assert len(sizes) > 40
    assert all(sizes.values()), sizes
    assert sum(sizes.values()) <= FIRST_LOAD


async def test_a_question_change_asks_the_network_for_nothing_and_touches_one_question(hall: Hall) -> None:
    _, _, desk = await seated(hall, "Fast")
    asked: list[str] = []

    def note(request: Request) -> None:
        # What was seen before may be sent just now: that is no part of the change.
        saves = "seq" in (json.loads(request.post_data or "{}").get("variables", {}).get("input") or {})
        asked.extend([] if saves else [request.url])

    desk.page.on("request", note)

    await desk.jump(4)
    await desk.jump(2)

    assert asked == []
    await expect(desk.page.locator(".question")).to_have_count(1)
