"""The staff console: a test is written, people are added, results are looked at, a key is corrected."""

from __future__ import annotations

import pytest
from hall import Hall
from playwright.async_api import expect
from school import SAVE, SUBMIT
from staff_desk import office

pytestmark = pytest.mark.asyncio(loop_scope="session")

BROKEN = "::one:: How much is 12 + 30? {=42 ~24 ~32}\n\n::two:: Where does the Ganga rise? {=Gangotri ~Agra"
WHOLE = BROKEN + "}\n\n::three:: How much is $x + 1$ for $x \\= 0$? {#1}\n"
TESTS = "{ tests { edges { node { id title state sections { title questionCount } schedule { closesAt } } } } }"


async def test_a_teacher_imports_questions_and_builds_a_test_that_is_checked_before_it_is_published(
    hall: Hall,
) -> None:
    desk = await office(hall)
    page = desk.page
    await desk.go("Questions")
    await page.get_by_role("link", name="Import").click()
    await page.get_by_label("Or paste it here").fill(BROKEN)
    await page.get_by_label("Subject").fill("Arithmetic")
    await page.get_by_role("button", name="Try").click()
    await expect(page.get_by_text("One mistake: nothing was imported.")).to_be_visible()
    await expect(page.get_by_role("row").filter(has_text="::two::")).to_contain_text("3")
    await page.get_by_label("Or paste it here").fill(WHOLE)
    await page.get_by_role("button", name="Try").click()
    await expect(page.get_by_text("3 questions would be imported.")).to_be_visible()
    await page.get_by_role("main").get_by_role("button", name="Import").click()
    await desk.hears("3 questions were imported.")

    await desk.go("Questions")
    await page.get_by_label("Search").fill("ganga rise")
    await page.get_by_role("button", name="Where does the Ganga rise?").click()
    await expect(page.get_by_role("listitem").filter(has_text="Gangotri")).to_contain_text("right")

    await desk.go("Tests")
    await page.get_by_role("button", name="New test").click()
    await page.get_by_role("dialog").get_by_label("Title").fill("Unit test")
    await desk.answer("Create")
    await expect(page.get_by_role("heading", name="Unit test")).to_be_visible()
    await expect(page.get_by_text("One thing is missing.")).to_be_visible()
    await page.get_by_role("button", name="Add a section").click()
    await page.get_by_label("Title of the section").fill("Numbers")
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_text("Numbers: ")).to_be_visible()
    await page.get_by_role("button", name="Add questions").click()
    await page.get_by_role("dialog").get_by_label("Search").fill("12 + 30")
    await page.get_by_role("dialog").get_by_role("checkbox", name="12 + 30").check()
    await desk.answer("Add")
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_text("Everything is in order: it can be published.")).to_be_visible()
    await page.get_by_role("button", name="Publish").click()
    await desk.answer("Publish")
    await expect(page.locator(".title .tag")).to_have_text("Published")

    tests = [edge["node"] for edge in (await desk.person.ask(TESTS))["edges"]]
    [written] = [test for test in tests if test["title"] == "Unit test"]
    assert (written["state"], written["sections"]) == ("PUBLISHED", [{"title": "Numbers", "questionCount": 1}])


async def test_people_are_added_from_a_spreadsheet_all_or_none(hall: Hall) -> None:
    desk = await office(hall, "ADMIN")
    page = desk.page
    await desk.go("People")
    await page.get_by_role("link", name="Add people").click()
    await page.get_by_label("Or paste it here").fill("Roll No\tName\tClass\nn-1\tNeel Rao\t12-A\nn-1\t\t12-A\n")
    await expect(page.get_by_role("listitem").filter(has_text="Row 3")).to_have_count(2)
    await page.get_by_role("button", name="Create").click()
    await page.get_by_label("Or paste it here").fill(
        'login,name,groups\nn-1,"Rao, Neel",12-A;JEE\nn-2,Diya Sen,12-A\n'
    )
    await page.get_by_role("button", name="Create").click()

    await expect(page.get_by_text("2 people were created.")).to_be_visible()
    row = page.get_by_role("table", name="Access codes").get_by_role("row").filter(has_text="Rao, Neel")
    code = await row.get_by_role("cell").last.inner_text()
    assert (await hall.school.enter(code)).token
    people = (await desk.person.ask('{ users(group: "JEE") { edges { node { login name groups } } } }'))["edges"]
    assert [edge["node"] for edge in people] == [{"login": "n-1", "name": "Rao, Neel", "groups": ["12-A", "JEE"]}]


async def test_results_are_seen_a_key_is_corrected_and_the_gates_are_opened(hall: Hall) -> None:
    exam, candidate = await hall.exam("Corrected"), await hall.candidate()
    attempt_id = await exam.start(candidate.person)
    answered = [exam.answer(2, text="2.71")]
    await candidate.person.do(SAVE, attemptId=attempt_id, seq=1, events=answered)
    await candidate.person.do(SUBMIT, attemptId=attempt_id, lastSeq=1)
    await hall.school.sweep()
    desk = await office(hall, "ADMIN")
    page = desk.page

    await desk.open("Corrected", "Results")
    row = page.get_by_role("row").filter(has_text=candidate.login)
    await expect(row).to_contain_text("Graded")
    await expect(row).to_contain_text("0 /")

    await desk.open("Corrected", "Answer key")
    await page.get_by_role("row").filter(has_text="Numeric").get_by_role("button").click()
    await page.get_by_label("From").fill("2.7")
    await page.get_by_label("To", exact=True).fill("2.8")
    await page.get_by_label("Reason").fill("misprint")
    await page.get_by_role("button", name="Correct and score again").click()
    await expect(page.get_by_text("One attempt was scored again. One total moved.")).to_be_visible()
    await expect(page.get_by_role("table", name="Changes").get_by_role("row").last).to_contain_text("Meera Nair")

    await desk.open("Corrected", "Results")
    await page.get_by_label("Score").check()
    await page.get_by_role("button", name="Set").click()
    await desk.answer("Set")
    await desk.hears("Set.")
    own = "query ($id: ID!) { attempt(id: $id) { result { total { marks } } } }"
    assert float((await candidate.person.ask(own, id=attempt_id))["result"]["total"]["marks"]) > 0

    await desk.go("Audit log")
    await expect(page.get_by_role("row").filter(has_text="misprint")).to_be_visible()


async def test_a_student_is_sent_to_the_player(hall: Hall) -> None:
    candidate = await hall.candidate()
    desk = await hall.desk(path=f"/t/{hall.school.tenant.slug}/console/")
    await desk.page.get_by_label("Password").fill(candidate.code)
    await desk.page.get_by_role("button", name="Log in").click()
    await expect(desk.page.get_by_role("heading", name="This console is for staff")).to_be_visible()
