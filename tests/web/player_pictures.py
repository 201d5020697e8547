"""Take the pictures in `docs/player.md` anew: `python tests/web/player_pictures.py docs/screens`."""

from __future__ import annotations

import asyncio
import base64
import random
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path += [str(Path(__file__).parents[1] / "api"), str(Path(__file__).parents[2])]

from hall import Candidate, Hall, served
from inspector import AT_REST
from playwright.async_api import Page, async_playwright
from school import ASSIGN, CREATE_TEST, IMPORT, PUBLISH, RELEASE, SAVE, SITTING, START, SUBMIT, Exam

from api.cli.demo.questions import INSTRUCTIONS, SUBJECTS, gift

TITLE = "JEE Main, mock test 7"
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
QUALITY = 82
CORRECT = "query ($id: ID!) { question(id: $id) { key { correct numbers { low } } } }"


async def main(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as data:
        async with served(Path(data)) as (school, clock, url), async_playwright() as playwright:
            chromium = shutil.which("chromium")
            browser = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            hall = Hall(school, clock, browser, url)
            exam = await mock_test(hall)
            await paper_pictures(hall, folder)
            await result_pictures(hall, exam, folder)
            await hall.leave()
            await browser.close()


async def mock_test(hall: Hall) -> Exam:
    teacher = await hall.school.teacher()
    questions, sections = [], []
    for subject in SUBJECTS:
        found = (await teacher.do(IMPORT, format="GIFT", content=gift(subject)))["questions"]
        questions += found
        placed = [{"questionId": question["id"]} for question in found]
        sections.append({"title": subject, "subject": subject, "questions": placed})
    given = {"title": TITLE, "instructions": INSTRUCTIONS, "durationSeconds": 10_800, "sections": sections}
    test = (await teacher.do(CREATE_TEST, **given, marking={"preset": "JEE_MAIN_2025"}))["test"]["id"]
    await teacher.do(PUBLISH, testId=test)
    await teacher.do(ASSIGN, testId=test, groups=["10A"])
    return Exam(hall.school, teacher, test, questions)


async def paper_pictures(hall: Hall, folder: Path) -> None:
    candidate, desk = await hall.candidate(), await hall.desk(viewport=DESKTOP)
    await take(desk.page, folder / "login.webp")
    await desk.log_in(candidate)
    await take(desk.page, folder / "tests.webp")
    await desk.page.get_by_role("button", name="Read the instructions").click()
    await desk.page.get_by_label("I have read").wait_for()
    await take(desk.page, folder / "instructions.webp", whole=True)
    await desk.page.get_by_label("I have read").check()
    await desk.page.get_by_role("button", name="I am ready to begin").click()
    for number in range(1, 14):
        await desk.is_at(number)
        if number % 4:
            await desk.page.get_by_role("radio").nth(number % 3).check()
        button = "Mark for Review & Next" if number % 5 == 2 or number == 8 else "Save & Next"
        await desk.page.get_by_role("button", name=button).click()
    await desk.page.get_by_role("radio").nth(1).check()
    await desk.page.mouse.move(0, 0)
    await desk.is_saved()
    await take(desk.page, folder / "paper-light.webp")
    await desk.page.emulate_media(color_scheme="dark")
    await take(desk.page, folder / "paper-dark.webp")
    await desk.page.emulate_media(color_scheme="light")
    await desk.page.get_by_role("button", name="Submit").click()
    await take(desk.page, folder / "summary.webp")
    await desk.page.keyboard.press("Escape")
    await desk.page.set_viewport_size(PHONE)
    await take(desk.page, folder / "paper-phone.webp")
    await desk.page.get_by_role("button", name="Questions", exact=True).click()
    await take(desk.page, folder / "palette-phone.webp")


async def result_pictures(hall: Hall, exam: Exam, folder: Path) -> None:
    candidate = await hall.candidate()
    attempt_id = await sit(hall, exam, candidate)
    await exam.teacher.do(RELEASE, testId=exam.test_id, score=True, responses=True)
    desk = await hall.desk(viewport=DESKTOP)
    await desk.log_in(candidate)
    await desk.page.goto(f"/t/oakwood/#attempt/{attempt_id}")
    await desk.page.get_by_role("heading", name="Score").wait_for()
    await take(desk.page, folder / "result-light.webp", whole=True)
    await desk.page.emulate_media(color_scheme="dark")
    await take(desk.page, folder / "result-dark.webp", whole=True)


async def sit(hall: Hall, exam: Exam, candidate: Candidate) -> str:
    """Let a candidate work through the paper, with second thoughts; return the attempt's id."""
    dice, student = random.Random(7), candidate.person
    attempt_id: str = (await student.do(START, testId=exam.test_id))["attempt"]["id"]
    order = [question["id"] for question in exam.questions]
    visits = [*order, *dice.sample(order, 28)]
    at, seq = 0, 0
    for place, id in enumerate(visits):
        seconds = dice.gammavariate(2.2, 38) if place < len(order) else dice.gammavariate(2, 18)
        hall.clock.forward(seconds=seconds)
        begun, at, seq = at, at + int(seconds * 1000), seq + 1
        events: list[dict[str, Any]] = [{"type": "VISIT", "at": begun, "questionId": id}]
        if dice.random() < 0.82:
            events.append({"type": "ANSWER", "at": at, "questionId": id, "response": await said(exam, id, dice)})
        await student.do(SAVE, attemptId=attempt_id, seq=seq, events=events)
    await student.do(SUBMIT, attemptId=attempt_id, lastSeq=seq)
    await student.ask(SITTING, id=attempt_id)
    return attempt_id


async def said(exam: Exam, id: str, dice: random.Random) -> dict[str, Any]:
    """Return what a good student answers."""
    [question] = [question for question in exam.questions if question["id"] == id]
    key = (await exam.teacher.ask(CORRECT, id=id))["key"]
    is_right = dice.random() < 0.72
    if question["options"]:
        other = dice.choice(question["options"])["id"]
        return {"optionIds": [key["correct"][0] if is_right else other]}
    return {"text": key["numbers"][0]["low"] if is_right else "7"}


async def take(page: Page, path: Path, whole: bool = False) -> None:
    """Write what a page shows as WebP, once nothing moves any more."""
    await page.evaluate(AT_REST)
    session = await page.context.new_cdp_session(page)
    given = {"format": "webp", "quality": QUALITY, "captureBeyondViewport": whole}
    if whole:
        size = await page.evaluate("[innerWidth, document.documentElement.scrollHeight]")
        given["clip"] = {"x": 0, "y": 0, "width": size[0], "height": size[1], "scale": 1}
    taken = await session.send("Page.captureScreenshot", given)
    await asyncio.to_thread(path.write_bytes, base64.b64decode(taken["data"]))


if __name__ == "__main__":
    pictures = Path(sys.argv[1])
    pictures.mkdir(parents=True, exist_ok=True)
    asyncio.run(main(pictures))
