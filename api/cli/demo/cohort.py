"""The demo's staff at the API: people are created, a sitting is published, ended, and read when it is graded."""

from __future__ import annotations

import asyncio
from random import Random
from typing import Any

from api.cli.demo import documents, names
from api.cli.demo.client import Client
from api.cli.demo.planted import copies_from, is_in_pair, is_slow
from api.cli.demo.questions import DURATION_SECONDS, INSTRUCTIONS, PRESET, TITLE, TOTAL
from api.cli.demo.sitting import Student
from api.cli.failure import Failure

USERS_A_CALL = 500
POLL_SECONDS = 0.3
GRADED_SECONDS = 300.0


async def create_students(admin: Client, group: str, count: int, vanishing: float, seed: int) -> list[Student]:
    """Create students of a group with access codes, as an office does that prints admit cards.

    Those who are slow are of `slow_group(group)` too. Who copies and who is copied from stay to the end.
    """
    random = Random(seed)
    seeds = [random.getrandbits(32) for _ in range(count)]
    students: list[Student] = []
    for start in range(0, count, USERS_A_CALL):
        wanted = [
            {
                "login": f"{group}-{number:05d}",
                "name": names.name(number),
                "groups": [group, slow_group(group)] if is_slow(number) else [group],
                "accessCode": True,
            }
            for number in range(start, min(start + USERS_A_CALL, count))
        ]
        created = await admin.do(documents.CREATE_USERS, users=wanted)
        students += [
            Student(
                login=made["user"]["login"],
                name=made["user"]["name"],
                access_code=made["accessCode"],
                seed=seeds[number],
                vanishes=random.random() < vanishing and not is_in_pair(number, count),
                source=None if (source := copies_from(number, count)) is None else seeds[source],
                slow=is_slow(number),
            )
            for number, made in enumerate(created["users"], start=start)
        ]
    return students


def slow_group(group: str) -> str:
    return f"{group}-B"


async def publish_sitting(teacher: Client, group: str) -> str:
    """Publish the demo test's questions as a test of its own, given to one group; return its id.

    A sitting of its own can be ended and released without touching the demo test and who sits it.
    """
    sections = [
        {"title": section["title"], "subject": section["subject"], "questions": section["questions"]}
        for section in (await _demo_test(teacher))["sections"]
    ]
    created = await teacher.do(
        documents.CREATE_TEST,
        title=f"{TITLE}: sitting {group}",
        instructions=INSTRUCTIONS,
        durationSeconds=DURATION_SECONDS,
        graceSeconds=0,
        marking={"preset": PRESET},
        declaredTotal=str(TOTAL),
        sections=sections,
    )
    test_id: str = created["test"]["id"]
    await teacher.do(documents.PUBLISH, testId=test_id)
    await teacher.do(documents.ASSIGN, testId=test_id, groups=[group])
    return test_id


async def end_sitting(teacher: Client, test_id: str) -> None:
    """End the window now: whoever vanished is closed by the server."""
    now = await teacher.ask(documents.SERVER_TIME)
    await teacher.do(documents.UPDATE_TEST, testId=test_id, schedule={"closesAt": now})


async def until_graded(teacher: Client, test_id: str) -> None:
    """Return when no attempt is open or ungraded. Raises Failure when the server does not get there."""
    try:
        async with asyncio.timeout(GRADED_SECONDS):
            for state in ("IN_PROGRESS", "SUBMITTED"):
                await _until_none(teacher, test_id, state)
    except TimeoutError:
        raise Failure(f"the server has not graded every attempt within {GRADED_SECONDS:g} seconds") from None


async def _until_none(teacher: Client, test_id: str, state: str) -> None:
    while True:
        if not (await teacher.ask(documents.OPEN_ATTEMPTS, testId=test_id, state=state))["edges"]:
            return
        await asyncio.sleep(POLL_SECONDS)


async def read_results(teacher: Client, test_id: str) -> list[Any]:
    """Return every attempt with its marks, as staff see them."""
    return await _every(teacher, documents.RESULTS, testId=test_id)


async def _demo_test(teacher: Client) -> Any:
    for test in await _every(teacher, documents.TESTS):
        if test["title"] == TITLE:
            return test
    raise Failure("the institution has no demo test: `tp up` makes it")


async def _every(client: Client, document: str, **variables: Any) -> list[Any]:
    nodes: list[Any] = []
    after: str | None = None
    while True:
        page = await client.ask(document, after=after, **variables)
        nodes += [edge["node"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            return nodes
        after = page["pageInfo"]["endCursor"]
