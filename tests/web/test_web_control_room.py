"""A whole exam in the browser while the control room watches it in another."""

from __future__ import annotations

import re

import pytest
from hall import Hall, hand_in, seated
from playwright.async_api import Page, WebSocketRoute, expect
from school import RELEASE
from staff_desk import Office, office

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def figure(page: Page, name: str, count: int) -> None:
    """Wait until a figure of the overview says so many."""
    await expect(page.locator(f'[data-figure="{name}"]')).to_have_text(str(count))


async def do(room: Office, button: str, reason: str, minutes: int | None = None) -> None:
    """Do something to all who are working."""
    await room.page.locator(".for-all").get_by_role("button", name=button).click()
    if minutes is not None:
        await room.page.get_by_role("dialog").get_by_label("Minutes more").fill(str(minutes))
    await room.page.get_by_role("dialog").get_by_label("Reason").fill(reason)
    await room.answer(button)
    await room.hears("Done for one student.")


async def test_a_student_sits_while_the_control_room_watches(hall: Hall) -> None:
    exam, candidate, desk = await seated(hall, "Watched")
    room = await office(hall, "ADMIN")
    page = room.page
    await room.open("Watched", "Control room")
    await expect(page.locator(".live-line")).to_have_attribute("data-state", "open")
    await figure(page, "working", 1)

    await desk.choose("yes")
    await desk.save_next()
    await desk.is_saved()
    await figure(page, "online", 1)
    row = page.get_by_role("row").filter(has_text=candidate.login)
    await page.get_by_label("Search").fill(candidate.login)
    await page.get_by_label("Search").blur()
    await expect(row).to_contain_text("Online")
    await expect(row).to_contain_text("1 / ")

    await do(room, "Pause", "fire alarm")
    await figure(page, "paused", 1)
    await do(room, "Resume", "false alarm")
    await figure(page, "paused", 0)
    await do(room, "Extend", "the alarm", minutes=10)
    await page.locator(".for-all").get_by_role("button", name="Message").click()
    await page.get_by_role("dialog").get_by_label("Message").fill("Go on quietly.")
    await room.answer("Message")
    await room.hears("The message is on its way.")
    await desk.choose("no")
    await desk.save_next()
    await expect(desk.page.get_by_role("log")).to_contain_text("Go on quietly.")
    await expect(desk.page.get_by_role("log")).to_contain_text("You have 10 minutes more.")

    await hand_in(desk)
    await expect(desk.page.get_by_role("heading", name="Your paper is handed in")).to_be_visible()
    await figure(page, "working", 0)
    await figure(page, "over", 1)

    await exam.teacher.do(RELEASE, testId=exam.test_id, score=True)
    await desk.page.reload()
    await expect(desk.page.get_by_role("heading", name="Score")).to_be_visible()
    await room.go("Audit log")
    for reason in ("fire alarm", "false alarm", "the alarm"):
        await expect(page.get_by_role("row").filter(has_text=reason).first).to_be_visible()


async def test_one_student_is_ended_by_force(hall: Hall) -> None:
    exam, candidate, desk = await seated(hall, "One of them")
    other = await hall.candidate()
    await exam.start(other.person)
    room = await office(hall, "INVIGILATOR")
    await room.open("One of them", "Control room")
    await figure(room.page, "working", 2)

    await room.page.get_by_role("row").filter(has_text=candidate.login).get_by_role("checkbox").check()
    await room.page.locator(".chosen").get_by_role("button", name="End now").click()
    await expect(room.page.get_by_role("dialog")).to_contain_text("The attempts of one student end at once.")
    await room.page.get_by_role("dialog").get_by_label("Reason").fill("left the room")
    await room.answer("End now")
    await room.hears("Done for one student.")

    await desk.page.evaluate("dispatchEvent(new Event('online'))")  # rather than wait until it asks again
    await expect(desk.page.get_by_role("heading", name="Your paper is handed in")).to_be_visible()
    await figure(room.page, "working", 1)
    assert (await hall.sat(exam, candidate))["closedBy"] == "INVIGILATOR"
    assert (await hall.sat(exam, other))["state"] == "IN_PROGRESS"


@pytest.mark.parametrize("events", [True, False], ids=["server-sent events", "asking"])
async def test_where_sockets_are_blocked_the_room_lives_by_other_ways(hall: Hall, events: bool) -> None:
    title = f"Blocked, {events}"
    exam = await hall.exam(title)
    room = await office(hall, "ADMIN")

    async def shut(socket: WebSocketRoute) -> None:
        await socket.close()

    await room.page.route_web_socket(re.compile("/graphql$"), shut)
    if not events:
        await room.page.route(
            "**/graphql",
            lambda route: route.abort() if "event-stream" in route.request.headers["accept"] else route.fallback(),
        )
    await room.open(title, "Control room")
    await expect(room.page.locator(".live-line")).to_have_attribute("data-state", "open" if events else "asking")
    await figure(room.page, "working", 0)
    await exam.start((await hall.candidate()).person)
    await figure(room.page, "working", 1)
