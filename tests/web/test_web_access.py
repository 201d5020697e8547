"""The player for everybody: without a mouse, for screen readers, in light and in dark, on a phone."""

from __future__ import annotations

from typing import Any

import pytest
from hall import Hall, answered, hand_in, seated
from inspector import Inspector
from playwright.async_api import expect
from school import RELEASE, every_type, in_english

from tp.domain.palette import PaletteState

pytestmark = pytest.mark.asyncio(loop_scope="session")

PASSAGE = """mutation ($input: CreatePassageInput!) { createPassage(input: $input) {
  passage { id } userErrors { code path message } } }"""
PHONE = {"width": 360, "height": 740}


async def test_no_screen_breaks_a_rule_of_accessibility(hall: Hall, axe: str) -> None:
    passage = await (await hall.school.teacher()).do(PASSAGE, text=in_english("A long story."))
    first, *others = every_type()
    exam = await hall.exam("Rules", [{**first, "passageId": passage["passage"]["id"]}, *others])
    candidate, desk = await hall.candidate(), await hall.desk()
    inspector, page = Inspector(axe, desk.page), desk.page

    await inspector.look("login")
    await desk.log_in(candidate)
    await inspector.look("tests")
    await page.get_by_role("listitem").filter(has_text="Rules").get_by_role("button").click()
    await expect(page.get_by_role("button", name="I am ready to begin")).to_be_visible()
    await inspector.look("instructions")
    await page.get_by_label("I have read").check()
    await page.get_by_role("button", name="I am ready to begin").click()
    for question in exam.questions:
        await expect(page.locator(".question-number")).to_be_visible()
        if question["type"] == "NUMERIC":
            await page.get_by_text("Keypad").click()
        if question["type"] == "SINGLE_CHOICE":
            await desk.choose("4")
        await inspector.look(question["type"])
        await desk.save_next()
    await page.get_by_role("button", name="Submit").click()
    await inspector.look("summary")
    await page.get_by_role("button", name="Back to the paper").click()
    await page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    await page.get_by_role("button", name="Questions", exact=True).click()
    await inspector.look("palette on a phone")
    await page.keyboard.press("Escape")
    await inspector.look("paper on a phone")
    await page.get_by_role("button", name="Questions", exact=True).click()
    await hand_in(desk)
    await expect(page.get_by_role("heading", name="Your paper is handed in")).to_be_visible()
    await inspector.look("handed in")
    await exam.teacher.do(RELEASE, testId=exam.test_id, score=True, responses=True)
    await page.reload()
    await expect(page.get_by_role("heading", name="Score")).to_be_visible()
    await inspector.look("result")

    assert inspector.found == []


async def test_an_exam_needs_no_mouse(hall: Hall) -> None:
    exam, candidate, desk = await seated(hall, "Keyboard")
    page = desk.page

    async def reach(name: str, role: Any = "button", backwards: bool = False) -> None:
        wanted = page.get_by_role(role, name=name)
        for _ in range(30):
            if await wanted.evaluate("element => element === document.activeElement"):
                return
            await page.keyboard.press("Shift+Tab" if backwards else "Tab")
        raise AssertionError(f"{name} is not reached by the Tab key")

    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to the question")).to_be_focused()
    await page.keyboard.press("Enter")
    await reach("yes", "radio")
    await page.keyboard.press("Space")
    await reach("Save & Next")
    await page.keyboard.press("Enter")
    await desk.is_at(2)
    await expect(page.get_by_role("heading", name="Question 2")).to_be_focused()
    await reach("yes", "radio")
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_role("radio", name="no")).to_be_checked()
    await reach("Mark for Review & Next")
    await page.keyboard.press("Enter")
    await desk.is_at(3)
    await reach("Question 3,")
    for key in ("ArrowRight", "ArrowRight", "Enter"):
        await page.keyboard.press(key)
    await desk.is_at(5)
    await reach("Submit")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Yes, hand it in")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="Submit")).to_be_focused()
    await desk.is_saved()

    assert await desk.state(2) == PaletteState.ANSWERED_AND_MARKED_FOR_REVIEW
    assert await answered(hall, exam, candidate) == [1, 2]
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Your paper is handed in")).to_be_visible()


@pytest.mark.parametrize("width", [320, 768, 1280])
async def test_nothing_is_cut_off_at_any_width(hall: Hall, width: int) -> None:
    _, _, desk = await seated(hall, f"Width {width}")
    await desk.page.set_viewport_size({"width": width, "height": 700})

    sticking_out = await desk.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert sticking_out <= 0
    for name in ("Save & Next", "Clear Response", "Mark for Review & Next"):
        await expect(desk.page.get_by_role("button", name=name)).to_be_in_viewport(ratio=1)
