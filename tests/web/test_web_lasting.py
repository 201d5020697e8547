"""Nothing is lost: networks that fail, pages that are killed, clocks that are wrong, time that runs out."""

from __future__ import annotations

import re

import pytest
from hall import Hall, answered, seated
from playwright.async_api import expect

from tp.domain.palette import PaletteState

pytestmark = pytest.mark.asyncio(loop_scope="session")

DAY = 24 * 60 * 60 * 1000
WRONG_CLOCK = f"""{{
  const now = Date.now;
  Date = class extends Date {{
    constructor(...given) {{ given.length ? super(...given) : super(now() + {DAY}); }}
    static now() {{ return now() + {DAY}; }}
  }};
}}"""

FULL_DISK = """IDBObjectStore.prototype.add = () => { throw new DOMException("full", "QuotaExceededError"); };"""

KEPT = """async () => {
  for (let kept = []; kept.length < 40; kept = await (await caches.open("tp-files")).keys()) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}"""
"""Waits until the page and its parts are kept on the device."""


async def test_what_is_answered_without_a_network_is_saved_when_it_is_back(hall: Hall) -> None:
    exam, candidate, desk = await seated(hall, "Cut off")

    await desk.page.context.set_offline(True)
    for number in (1, 2, 3):
        await desk.choose("yes")
        await desk.save_next()
        await desk.is_at(number + 1)
    await expect(desk.page.locator(".saved")).to_contain_text("wait on this device")
    assert await answered(hall, exam, candidate) == []
    await desk.page.context.set_offline(False)
    await desk.is_saved()

    assert await answered(hall, exam, candidate) == [1, 2, 3]


async def test_a_page_that_is_opened_again_without_a_network_goes_on(hall: Hall) -> None:
    exam, candidate, desk = await seated(hall, "Opened again")
    await desk.page.evaluate(KEPT)

    await desk.page.context.set_offline(True)
    await desk.choose("yes")
    await desk.save_next()
    await desk.is_at(2)
    await desk.page.reload()
    await desk.is_at(2)
    assert await desk.state(1) == PaletteState.ANSWERED
    await desk.choose("no")
    await desk.save_next()
    await desk.page.context.set_offline(False)
    await desk.is_saved()

    assert await answered(hall, exam, candidate) == [1, 2]


async def test_a_page_that_was_killed_before_it_could_send_leaves_its_answers_to_the_next(hall: Hall) -> None:
    exam, candidate, desk = await seated(hall, "Killed")
    device = desk.page.context
    await device.set_offline(True)
    await desk.choose("yes")
    await desk.save_next()
    await desk.is_at(2)
    await expect(desk.page.locator(".saved")).to_contain_text("on this device")
    await desk.page.close()
    await device.set_offline(False)

    again = await hall.desk(device)
    await again.log_in(candidate)
    await again.begin("Killed")
    await again.is_at(2)
    await again.is_saved()

    assert await again.state(1) == PaletteState.ANSWERED
    assert await answered(hall, exam, candidate) == [1]


async def test_a_device_that_keeps_nothing_says_so_and_still_sends(hall: Hall) -> None:
    device = await hall.device()
    await device.add_init_script(FULL_DISK)
    exam, candidate, desk = await seated(hall, "Full disk", device)
    for number in (1, 2):
        await desk.choose("yes")
        await desk.save_next()
        await desk.is_at(number + 1)
    await desk.is_saved()

    await expect(desk.page.get_by_role("log")).to_contain_text("cannot keep your answers")
    assert await answered(hall, exam, candidate) == [1, 2]


async def test_another_device_goes_on_where_the_first_one_was(hall: Hall) -> None:
    exam, candidate, desk = await seated(hall, "Swapped")
    await desk.choose("yes")
    await desk.save_next()
    await desk.is_at(2)
    await desk.is_saved()
    await desk.page.context.close()
    hall.contexts.remove(desk.page.context)

    laptop = await hall.desk()
    await laptop.log_in(candidate)
    await laptop.begin("Swapped", seated=False)
    await laptop.page.get_by_role("button", name="Go on here").click()
    await laptop.is_at(2)
    await laptop.choose("no")
    await laptop.save_next()
    await laptop.is_saved()

    assert await laptop.state(1) == PaletteState.ANSWERED
    assert await answered(hall, exam, candidate) == [1, 2]


async def test_a_second_device_asks_to_take_over_and_the_first_is_told(hall: Hall) -> None:
    exam, candidate, desk = await seated(hall, "Two devices")
    second = await hall.desk()
    await second.log_in(candidate)
    await second.begin("Two devices", seated=False)

    await expect(second.page.get_by_role("dialog")).to_contain_text("open on another device")
    await second.page.get_by_role("button", name="Go on here").click()
    await second.is_at(1)
    await desk.choose("no")
    await desk.save_next()
    await expect(desk.page.get_by_role("heading", name="Your test goes on elsewhere")).to_be_visible()
    await second.choose("yes")
    await second.save_next()
    await second.is_saved()

    assert await answered(hall, exam, candidate) == [1]


async def test_of_two_answers_given_on_two_devices_the_student_chooses_one(hall: Hall) -> None:
    exam, candidate, desk = await seated(hall, "Two answers")
    await desk.page.context.set_offline(True)
    await desk.choose("yes")
    await desk.save_next()
    await desk.choose("yes")
    await desk.save_next()
    await desk.is_at(3)
    second = await hall.desk()
    await second.log_in(candidate)
    await second.begin("Two answers", seated=False)
    await second.page.get_by_role("button", name="Go on here").click()
    await second.is_at(1)
    await second.choose("no")
    await second.save_next()
    await second.is_saved()

    await desk.page.context.set_offline(False)
    await desk.page.get_by_role("button", name="Back to my tests").click()
    await desk.begin("Two answers", seated=False)
    await desk.page.get_by_role("button", name="Go on here").click()
    await expect(desk.page.get_by_role("dialog")).to_contain_text(
        "You answered question 1 here and on another device"
    )
    await desk.page.get_by_role("button", name="Those from this device").click()
    await desk.is_saved()

    said = {said["questionId"]: said["optionIds"] for said in (await hall.sat(exam, candidate))["responses"]}
    assert said == {exam.questions[place]["id"]: [exam.option(place, "yes")] for place in (0, 1)}


async def test_a_second_window_takes_over_and_the_first_is_told(hall: Hall) -> None:
    exam, candidate, desk = await seated(hall, "Two windows")
    second = await hall.desk(desk.page.context)
    await second.log_in(candidate)
    await second.page.goto(desk.page.url)

    await expect(second.page.get_by_role("dialog")).to_contain_text("open in another window")
    await second.page.get_by_role("button", name="Go on here").click()
    await second.is_at(1)
    await expect(desk.page.get_by_role("heading", name="Your test goes on elsewhere")).to_be_visible()
    await second.choose("yes")
    await second.save_next()
    await second.is_saved()

    assert await answered(hall, exam, candidate) == [1]


async def test_a_clock_that_is_a_day_off_changes_nothing(hall: Hall) -> None:
    device = await hall.device()
    await device.add_init_script(WRONG_CLOCK)
    exam, candidate, desk = await seated(hall, "Wrong clock", device)
    await desk.choose("yes")
    await desk.save_next()
    await desk.is_saved()

    await expect(desk.page.get_by_role("timer")).to_have_text(re.compile(r"^0:59:\d\d$"))
    told = await desk.page.evaluate("Date.now()")
    assert told - hall.clock().timestamp() * 1000 == pytest.approx(DAY, abs=60_000)
    sat = await hall.sat(exam, candidate)
    assert len(sat["responses"]) == 1


async def test_at_the_deadline_inputs_close_and_the_rest_is_sent(hall: Hall) -> None:
    exam, candidate, desk = await seated(hall, "Late", gone=56, durationSeconds=60)
    await desk.choose("yes")
    await desk.save_next()
    await desk.choose("no")

    await expect(desk.page.get_by_role("heading", name="Your paper is handed in")).to_be_visible()
    await expect(desk.page.get_by_role("radio")).to_have_count(0)
    sat = await hall.sat(exam, candidate)
    assert sat["state"] in ("SUBMITTED", "GRADED")
    assert [entry["state"] for entry in sat["palette"]].count("ANSWERED") == 1


async def test_without_a_network_at_the_deadline_the_answers_wait_for_it(hall: Hall) -> None:
    exam, candidate, desk = await seated(hall, "Late and cut off", gone=56, durationSeconds=60)
    await desk.page.context.set_offline(True)
    await desk.choose("yes")
    await desk.save_next()
    await expect(desk.page.get_by_text("sent as soon as")).to_be_visible()
    await desk.page.context.set_offline(False)

    await expect(desk.page.get_by_role("heading", name="Your paper is handed in")).to_be_visible()
    sat = await hall.sat(exam, candidate)
    assert [entry["state"] for entry in sat["palette"]].count("ANSWERED") == 1
