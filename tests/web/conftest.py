"""A hall with one server and one browser for all tests of a process; without Chromium they are skipped."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

pytest.register_assert_rewrite("hall")

from hall import PATIENCE, Hall, served  # noqa: E402  (once it is known that its assertions explain themselves)
from npm import installed, missing  # noqa: E402
from playwright.async_api import Browser, async_playwright, expect  # noqa: E402

CHROMIUM = shutil.which("chromium")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    if CHROMIUM is None:
        missing("chromium is not installed")
    expect.set_options(timeout=PATIENCE)
    sandbox = [] if os.geteuid() else ["--no-sandbox"]  # Chromium has none for root
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=CHROMIUM, args=sandbox)
        yield launched
        await launched.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def lasting_hall(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Hall]:
    async with served(tmp_path_factory.mktemp("hall")) as (school, clock, url):
        yield Hall(school, clock, browser, url)


@pytest_asyncio.fixture(loop_scope="session")
async def hall(lasting_hall: Hall) -> AsyncIterator[Hall]:
    """Return the hall, empty; whatever a page complained of fails the test."""
    yield lasting_hall
    await lasting_hall.leave()


@pytest.fixture(scope="session")
def axe(pytestconfig: pytest.Config) -> str:
    """Return the script with the rules of accessibility."""
    folder = installed(pytestconfig, Path(__file__).parent / "axe")
    return (folder / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
