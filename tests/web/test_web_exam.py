"""A whole exam in a browser: from the login to the released result, with every type of question."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from hall import Desk, Hall, answered, hand_in
from playwright.async_api import expect
from school import RELEASE, instant, options

from tp.domain.palette import PaletteState

pytestmark = pytest.mark.asyncio(loop_scope="session")

PLAIN_HTTP = """for (const [home, names] of [[Navigator, ["locks", "serviceWorker"]], [Crypto, ["randomUUID"]]]) {
  for (const name of names) Object.defineProperty(home.prototype, name, { value: undefined });
}"""
"""Takes away what browsers give to secure addresses alone."""


async def test_student_sits_an_exam_of_every_type_and_sees_the_result(hall: Hall) -> None:
    exam, candidate = await hall.exam("Every type"), await hall.candidate()
    desk = await hall.desk()
    await desk.log_in(candidate)
    await desk.begin("Every type")
    await answer_every_type(desk)
    await desk.is_saved()
    shown = [await desk.state(number) for number in range(1, 8)]
    await hand_in(desk)

    await expect(desk.page.get_by_role("heading", name="Your paper is handed in")).to_be_visible()
    await exam.teacher.do(RELEASE, testId=exam.test_id, score=True, responses=True)
    sat = await hall.sat(exam, candidate)
    assert sat["closedBy"] == "STUDENT"
    assert [entry["state"] for entry in sat["palette"]] == shown == [PaletteState.ANSWERED] * 7
    said = {response["questionId"]: response for response in sat["responses"]}
    single, multiple, number, text, matrix, order, essay = (said[question["id"]] for question in exam.questions)
    assert single["optionIds"] == [exam.option(0, "4")]
    assert sorted(multiple["optionIds"]) == sorted([exam.option(1, "2"), exam.option(1, "3")])
    assert (number["text"], text["text"], essay["text"]) == ("-3.14", "New Delhi", "Rivers run to the sea.")
    row, column = exam.questions[4]["rows"][0]["id"], exam.questions[4]["columns"][0]["id"]
    assert matrix["matrix"] == [{"rowId": row, "columnIds": [column]}]
    assert order["optionIds"] == [exam.option(5, name) for name in ("Akbar", "Ashoka", "Gandhi")]

    await desk.page.reload()
    await expect(desk.page.get_by_role("heading", name="Score")).to_be_visible()
    await expect(desk.page.locator(".time-picture .column")).to_have_count(7)
    await desk.page.get_by_text("As a table").click()
    await expect(desk.page.get_by_role("row", name=re.compile("^7 "))).to_be_visible()


async def test_a_browser_over_plain_http_has_less_and_does(hall: Hall) -> None:
    exam, candidate = await hall.exam("Plain HTTP", six_choices()), await hall.candidate()
    device = await hall.device()
    await device.add_init_script(PLAIN_HTTP)
    desk = await hall.desk(device)
    await desk.log_in(candidate)
    await desk.begin("Plain HTTP")
    await desk.choose("yes")
    await desk.save_next()
    await desk.is_saved()

    assert await answered(hall, exam, candidate) == [1]


async def test_a_test_that_opens_later_counts_down_and_then_lets_students_in(hall: Hall) -> None:
    opens = hall.clock() + timedelta(seconds=4)
    await hall.exam("Later", [choice("Is it so?")], schedule={"opensAt": instant(opens)})
    candidate, desk = await hall.candidate(), await hall.desk()
    await desk.log_in(candidate)
    card = desk.page.get_by_role("listitem").filter(has_text="Later")

    await expect(card.get_by_role("timer", name="Opens in")).to_have_text(re.compile(r"^0:00:0\d$"))
    await expect(card.get_by_role("button")).to_have_count(0)
    await desk.begin("Later")
    await desk.is_at(1)


async def test_jumping_by_number_saves_nothing_and_the_buttons_save_mark_and_clear(hall: Hall) -> None:
    exam, candidate = await hall.exam("Palette", six_choices()), await hall.candidate()
    desk = await hall.desk()
    await desk.log_in(candidate)
    await desk.begin("Palette")

    await desk.choose("yes")
    await expect(desk.page.get_by_text("Not saved yet")).to_be_visible()
    await desk.jump(3)
    await desk.choose("no")
    await desk.page.get_by_role("button", name="Mark for Review & Next").click()
    await desk.is_at(4)
    await desk.page.get_by_role("button", name="Mark for Review & Next").click()
    await desk.choose("yes")
    await desk.save_next()
    await desk.jump(5)
    await expect(desk.page.get_by_role("radio", name="yes")).to_be_checked()
    await desk.page.get_by_role("button", name="Clear Response").click()
    await expect(desk.page.get_by_role("radio", name="yes")).not_to_be_checked()
    await desk.is_saved()

    assert [await desk.state(number) for number in range(1, 7)] == [
        PaletteState.NOT_ANSWERED,
        PaletteState.NOT_VISITED,
        PaletteState.ANSWERED_AND_MARKED_FOR_REVIEW,
        PaletteState.MARKED_FOR_REVIEW,
        PaletteState.NOT_ANSWERED,
        PaletteState.NOT_ANSWERED,
    ]
    await desk.page.reload()
    await desk.is_at(5)
    assert await desk.state(3) == PaletteState.ANSWERED_AND_MARKED_FOR_REVIEW
    sat = await hall.sat(exam, candidate)
    assert [len(sat["responses"]), sat["currentQuestionId"]] == [1, exam.questions[4]["id"]]


async def test_a_number_that_is_none_is_not_left_unsaid(hall: Hall) -> None:
    await hall.exam(
        "Numbers", [{"type": "NUMERIC", "text": in_two("Pi?", "पाई?"), "key": {"numbers": [{"low": "3"}]}}]
    )
    candidate, desk = await hall.candidate(), await hall.desk()
    await desk.log_in(candidate)
    await desk.begin("Numbers")
    field = desk.page.get_by_label("Your answer, a number")

    await field.fill("3,14")
    await desk.save_next()
    await expect(field).to_be_focused()
    await expect(field).to_have_attribute("aria-invalid", "true")
    await field.fill("")
    await desk.page.get_by_text("Keypad").click()
    for key in ("3", "Point", "1", "Change the sign"):
        await desk.page.get_by_role("button", name=key, exact=True).click()
    await expect(field).to_have_value("-3.1")
    await desk.save_next()
    await desk.is_saved()

    assert await desk.state(1) == PaletteState.ANSWERED


async def test_paper_and_interface_are_read_in_hindi_and_in_english(hall: Hall) -> None:
    both = [{"ref": "a", "text": in_two("yes", "हाँ")}, {"ref": "b", "text": in_two("no", "नहीं")}]
    question = {**choice(""), "text": in_two("Is it so?", "क्या ऐसा है?"), "options": both}
    await hall.exam("Two languages", [question])
    candidate, desk = await hall.candidate(), await hall.desk()
    await desk.log_in(candidate)
    await desk.begin("Two languages")

    await desk.choose("yes")
    await desk.page.get_by_label("View in").select_option("hi")
    await expect(desk.page.get_by_text("क्या ऐसा है?")).to_be_visible()
    await expect(desk.page.get_by_role("radio", name="हाँ")).to_be_checked()
    await desk.page.get_by_role("banner").get_by_label("Language").select_option("hi")
    await expect(desk.page.get_by_role("button", name="सहेजें और आगे")).to_be_visible()
    await expect(desk.page.locator("html")).to_have_attribute("lang", "hi")
    await expect(desk.page.get_by_role("radio", name="हाँ")).to_be_checked()


async def test_what_an_author_wrote_runs_nothing(hall: Hall) -> None:
    evil = "<img src=x onerror=document.title='gone'><script>document.title='gone'</script> **bold**"
    await hall.exam("Hostile", [{**choice(evil), "options": options(a=evil, b="no")}])
    candidate, desk = await hall.candidate(), await hall.desk()
    await desk.log_in(candidate)
    await desk.begin("Hostile")

    await expect(desk.page.locator("#sheet")).to_contain_text("bold")
    assert await desk.page.locator("#sheet [onerror], #sheet script").count() == 0
    assert "gone" not in await desk.page.title()


async def answer_every_type(desk: Desk) -> None:
    page = desk.page
    await desk.choose("4")
    await desk.save_next()
    await page.get_by_role("checkbox", name="2").check()
    await page.get_by_role("checkbox", name="3").check()
    await desk.save_next()
    await page.get_by_label("Your answer, a number").fill("-3.14")
    await desk.save_next()
    await page.get_by_label("Your answer").fill("New Delhi")
    await desk.save_next()
    await page.get_by_role("checkbox", name="water H2O").check()
    await desk.save_next()
    await page.get_by_role("button", name="Move item 2 up").click()
    await desk.save_next()
    await page.get_by_label("Your answer").fill("Rivers run to the sea.")
    await desk.jump(1)


def choice(text: str) -> dict[str, Any]:
    written = [{"language": "en", "text": text}]
    return {
        "type": "SINGLE_CHOICE",
        "text": written,
        "options": options(a="yes", b="no"),
        "key": {"correct": ["a"]},
    }


def six_choices() -> list[dict[str, Any]]:
    return [choice(f"Statement {number}") for number in range(1, 7)]


def in_two(english: str, hindi: str) -> list[dict[str, str]]:
    return [{"language": "en", "text": english}, {"language": "hi", "text": hindi}]
