"""What an invigilator does reaches the student in the browser."""

from __future__ import annotations

import re

import pytest
from control import ANNOUNCE, EXTEND, FORCE, PAUSE, RESUME
from hall import Hall, answered, seated
from playwright.async_api import expect

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_messages_and_extra_time_come_with_the_next_answer(hall: Hall) -> None:
    exam, _, desk = await seated(hall, "Messages")
    await exam.teacher.do(ANNOUNCE, testId=exam.test_id, text="Question 2: read 'not'.")
    await exam.teacher.do(EXTEND, testId=exam.test_id, minutes=10, reason="power cut")
    await desk.choose("yes")
    await desk.save_next()

    news = desk.page.get_by_role("log")
    await expect(news).to_contain_text("Question 2: read 'not'.")
    await expect(news).to_contain_text("You have 10 minutes more.")
    await expect(desk.page.get_by_role("timer")).to_have_text(re.compile(r"^1:0\d:\d\d$"))
    await news.get_by_role("button", name="Noted").first.click()
    await desk.page.reload()
    await desk.is_at(2)
    await expect(desk.page.get_by_role("timer")).to_have_text(re.compile(r"^1:0\d:\d\d$"))
    await expect(desk.page.get_by_role("log")).to_be_empty()


async def test_a_pause_shuts_the_paper_until_it_ends(hall: Hall) -> None:
    exam, candidate, desk = await seated(hall, "Paused")
    await desk.choose("yes")
    await desk.save_next()
    await desk.is_saved()
    await exam.teacher.do(PAUSE, testId=exam.test_id, reason="fire alarm")
    await desk.page.evaluate("dispatchEvent(new Event('online'))")  # rather than wait until it asks again

    await expect(desk.page.get_by_role("heading", name="The test is paused")).to_be_visible()
    await expect(desk.page.locator("#sheet")).to_have_attribute("inert", "")
    await exam.teacher.do(RESUME, testId=exam.test_id, reason="false alarm")
    await desk.page.evaluate("dispatchEvent(new Event('online'))")  # rather than wait until it asks again
    await expect(desk.page.get_by_role("heading", name="The test is paused")).to_be_hidden()
    await desk.choose("no")
    await desk.save_next()
    await desk.is_at(3)
    await desk.is_saved()

    assert await answered(hall, exam, candidate) == [1, 2]


async def test_an_attempt_that_is_ended_by_force_is_handed_in(hall: Hall) -> None:
    exam, candidate, desk = await seated(hall, "Forced")
    await desk.choose("yes")
    await desk.save_next()
    await desk.is_saved()
    await exam.teacher.do(FORCE, testId=exam.test_id, reason="left the room")
    await desk.page.evaluate("dispatchEvent(new Event('online'))")  # rather than wait until it asks again

    await expect(desk.page.get_by_role("heading", name="Your paper is handed in")).to_be_visible()
    assert (await hall.sat(exam, candidate))["state"] in ("SUBMITTED", "GRADED")
