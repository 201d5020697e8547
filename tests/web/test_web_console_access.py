"""The console for everybody: the rules of accessibility, in light and in dark, and on a phone."""

from __future__ import annotations

import pytest
from hall import Hall
from inspector import Inspector
from playwright.async_api import expect
from staff_desk import office

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_no_screen_of_the_console_breaks_a_rule_of_accessibility(hall: Hall, axe: str) -> None:
    exam, candidate = await hall.exam("Every screen"), await hall.candidate()
    await exam.start(candidate.person)
    desk = await office(hall, "ADMIN")
    page, inspector = desk.page, Inspector(axe, desk.page)

    await inspector.look("tests")
    await page.get_by_role("button", name="New test").click()
    await inspector.look("new test")
    await desk.answer("Cancel")
    await desk.open("Every screen", "Test")
    await inspector.look("test")
    await page.get_by_role("button", name="Assign").click()
    await inspector.look("assign")
    await desk.answer("Cancel")
    await desk.open("Every screen", "Control room")
    await page.get_by_role("row").filter(has_text=candidate.login).get_by_role("checkbox").check()
    await inspector.look("control room")
    await page.locator(".chosen").get_by_role("button", name="Extend").click()
    await inspector.look("extend")
    await desk.answer("Cancel")
    await desk.open("Every screen", "Results")
    await inspector.look("results")
    await desk.open("Every screen", "Answer key")
    await page.get_by_role("row").filter(has_text="Matrix").get_by_role("button").click()
    await inspector.look("answer key")
    await desk.open("Every screen", "Reports")
    await inspector.look("reports")
    await desk.go("Questions")
    await page.get_by_role("row").nth(1).get_by_role("button").click()
    await inspector.look("questions")
    await page.get_by_role("link", name="Import").click()
    await inspector.look("import")
    await desk.go("People")
    await inspector.look("people")
    await page.get_by_role("link", name="Add people").click()
    await page.get_by_label("Or paste it here").fill("login,name\nx,\n")
    await inspector.look("adding")
    await desk.go("Audit log")
    await inspector.look("audit log")

    assert inspector.found == []


async def test_the_console_is_used_by_keyboard_and_speaks_hindi(hall: Hall) -> None:
    await hall.exam("Keyboard")
    desk = await office(hall)
    page = desk.page
    heading = page.get_by_role("heading", name="Tests", exact=True)
    await expect(heading).to_be_focused()
    await page.get_by_role("link", name="Skip to the content").focus()
    await page.keyboard.press("Enter")
    await expect(heading).to_be_focused()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="New test")
    await expect(dialog).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await expect(page.get_by_role("button", name="New test")).to_be_focused()

    await page.get_by_label("Language").select_option("hi")
    await expect(page.get_by_role("heading", name="परीक्षाएँ")).to_be_visible()
    assert await page.evaluate("document.documentElement.lang") == "hi"
    missing = await page.evaluate(r"document.body.innerText.match(/\b[a-z]+(-[a-z]+)+\b/g) ?? []")
    assert [word for word in missing if not word.startswith(("teacher-", "s-"))] == []
