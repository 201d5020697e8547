"""An exam of 75 questions, set through the API: a teacher, a published test, and students with access codes."""

from __future__ import annotations

from typing import Any

from api.cli.demo import documents
from api.cli.demo.client import Client
from bench.documents import CREATE_QUESTIONS

SUBJECTS = ("Physics", "Chemistry", "Mathematics")
CHOICES, NUMBERS = 20, 5
"""Questions of each kind in a subject."""

USERS_A_CALL = 500
STEM = (
    "A body of mass ${n}$ kg moves along the $x$-axis under a force $F(x) = {n}x^2 - 3x$ newton. It is at rest at "
    "$x = 0$ m. What is its speed in m/s at $x = {n}$ m, to the nearest whole number?"
)


async def hire_teacher(admin: Client) -> Client:
    """Create a teacher; return the client that it is logged in by."""
    teacher = {"login": "teacher", "name": "Teacher", "roles": ["TEACHER"], "accessCode": True}
    created = await admin.do(documents.CREATE_USERS, users=[teacher])
    return await Client(admin.http, admin.tenant).logged_in(accessCode=created["users"][0]["accessCode"])


async def write_sections(teacher: Client) -> list[dict[str, Any]]:
    """Write 75 questions; return them as sections for `set_test`."""
    sections = []
    for subject in SUBJECTS:
        written = [_question(number) for number in range(1, CHOICES + NUMBERS + 1)]
        questions = (await teacher.do(CREATE_QUESTIONS, questions=written))["questions"]
        placed = [{"questionId": question["id"]} for question in questions]
        sections.append({"title": subject, "subject": subject, "questions": placed})
    return sections


async def set_test(teacher: Client, sections: list[dict[str, Any]], group: str) -> str:
    """Publish a test of three hours and give it to a group; return its id."""
    created = await teacher.do(
        documents.CREATE_TEST,
        title=f"Bench {group}",
        durationSeconds=3 * 60 * 60,
        marking={"preset": "JEE_MAIN_2025"},
        shuffleQuestions=True,
        shuffleOptions=True,
        sections=sections,
    )
    test_id: str = created["test"]["id"]
    await teacher.do(documents.PUBLISH, testId=test_id)
    await teacher.do(documents.ASSIGN, testId=test_id, groups=[group])
    return test_id


async def enrol(admin: Client, group: str, count: int) -> list[str]:
    """Create the students of a group; return their access codes."""
    codes: list[str] = []
    while len(codes) < count:
        numbers = range(len(codes), min(len(codes) + USERS_A_CALL, count))
        users = [
            {"login": f"{group}-{number}", "name": f"Student {number}", "groups": [group], "accessCode": True}
            for number in numbers
        ]
        created = await admin.do(documents.CREATE_USERS, users=users)
        codes += [user["accessCode"] for user in created["users"]]
    return codes


def right_option(number: int) -> str:
    """Return the text of the right option of the choice with this number in its subject."""
    return f"${number + 1}$ m/s"


def _question(number: int) -> dict[str, Any]:
    question: dict[str, Any] = {"type": "NUMERIC", "text": _in_english(STEM.replace("{n}", str(number)))}
    if number > CHOICES:
        return {**question, "key": {"numbers": [{"low": str(number), "high": str(number)}]}}
    options = [{"ref": ref, "text": _in_english(f"${number + place}$ m/s")} for place, ref in enumerate("abcd")]
    return {**question, "type": "SINGLE_CHOICE", "options": options, "key": {"correct": ["b"]}}


def _in_english(text: str) -> list[dict[str, str]]:
    return [{"language": "en", "text": text}]
