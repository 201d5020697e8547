"""An examination hall: the platform on a socket, a browser, and students who sit before it."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import uvicorn
from playwright.async_api import Browser, BrowserContext, Page, expect
from school import (
    CREATE_USERS,
    SITTING,
    START,
    Exam,
    HandClock,
    Person,
    School,
    every_type,
    in_english,
    open_school,
    options,
    set_exam,
)

from api.settings import Settings

PATIENCE = 10_000
"""Milliseconds that a condition in the browser is awaited, on a machine with much else to do."""

NETWORK = ("Failed to load resource", "net::ERR_")
"""What the console says when a request fails: that is the network's fault, not the page's."""


class RunningClock(HandClock):
    """The server's clock: it runs, and can be moved forward."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def forward(self, **delta: float) -> None:
        self.ahead += timedelta(**delta)


@dataclass
class Candidate:
    """A student with an access code, and the API as the student's token opens it."""

    login: str
    code: str
    person: Person


@dataclass
class Desk:
    """A page in which a candidate works, and what it had to complain of."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    def watch(self) -> None:
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda said: self._heard(said.type, said.text))

    def _heard(self, type: str, text: str) -> None:
        if type == "error" and not text.startswith(NETWORK) and NETWORK[1] not in text:
            self.complaints.append(text)

    async def log_in(self, candidate: Candidate) -> None:
        await self.page.get_by_label("Password").fill(candidate.code)
        await self.page.get_by_role("button", name="Log in").click()
        await expect(self.page.get_by_role("heading", name="My tests")).to_be_visible()

    async def begin(self, title: str, seated: bool = True) -> None:
        """Go from the list of tests over the instructions into the paper; `seated`: and find oneself there."""
        card = self.page.get_by_role("listitem").filter(has_text=title)
        await (
            card.get_by_role("button", name="Read the instructions")
            .or_(card.get_by_role("button", name="Continue"))
            .click()
        )
        await self.page.get_by_label("I have read and understood").check()
        await (
            self.page.get_by_role("button", name="I am ready to begin")
            .or_(self.page.get_by_role("button", name="Continue"))
            .click()
        )
        if seated:
            await expect(self.page.locator(".question-number")).to_be_visible()

    async def save_next(self) -> None:
        await self.page.get_by_role("button", name="Save & Next").click()

    async def jump(self, number: int) -> None:
        await self.page.get_by_role("button", name=f"Question {number},").click()
        await self.is_at(number)

    async def is_at(self, number: int) -> None:
        await expect(self.page.get_by_role("heading", name=f"Question {number}", exact=True)).to_be_visible()

    async def choose(self, text: str) -> None:
        await self.page.get_by_role("radio", name=text).check()

    async def is_saved(self) -> None:
        await expect(self.page.locator(".saved")).to_contain_text("All saved")

    async def state(self, number: int) -> str:
        """Return the state that the palette shows a question in."""
        button = self.page.get_by_role("button", name=f"Question {number},")
        return str(await button.get_attribute("data-state"))


@dataclass
class Hall:
    """Desks are opened in the hall's browser; `close` tells what their pages complained of."""

    school: School
    clock: RunningClock
    browser: Browser
    url: str
    contexts: list[BrowserContext] = field(default_factory=list)
    desks: list[Desk] = field(default_factory=list)

    async def exam(self, title: str, written: list[dict[str, Any]] | None = None, **test: Any) -> Exam:
        return await set_exam(self.school, written or every_type(), title=title, **test)

    async def candidate(self, groups: Sequence[str] = ("10A",)) -> Candidate:
        login = f"s-{secrets.token_hex(4)}"
        user = {
            "login": login,
            "name": "Meera Nair",
            "groups": [*groups],
            "accessCode": True,
            "externalId": login,
        }
        created = await (await self.school.admin()).do(CREATE_USERS, users=[{**user, "accessCode": True}])
        code = created["users"][0]["accessCode"]
        return Candidate(login, code, await self.school.enter(code))

    async def device(self, **options: Any) -> BrowserContext:
        """Return a device of its own: nothing that a page keeps is shared with others."""
        context = await self.browser.new_context(base_url=self.url, **options)
        context.set_default_timeout(PATIENCE)
        self.contexts.append(context)
        return context

    async def desk(
        self, context: BrowserContext | None = None, page: Page | None = None, path: str = "", **options: Any
    ) -> Desk:
        desk = Desk(page or await (context or await self.device(**options)).new_page())
        desk.watch()
        self.desks.append(desk)
        await desk.page.goto(path or f"/t/{self.school.tenant.slug}/")
        return desk

    async def sat(self, exam: Exam, candidate: Candidate) -> dict[str, Any]:
        """Return the candidate's attempt as the server has it."""
        asked = "query ($id: ID!) { test(id: $id) { attempts { edges { node { id } } } } }"
        [edge] = (await candidate.person.ask(asked, id=exam.test_id))["attempts"]["edges"]
        found: dict[str, Any] = await candidate.person.ask(SITTING, id=edge["node"]["id"])
        return found

    async def leave(self) -> None:
        """Close every desk. Raises AssertionError for what a page complained of."""
        complaints = [complaint for desk in self.desks for complaint in desk.complaints]
        for context in self.contexts:
            await context.close()
        self.contexts.clear()
        self.desks.clear()
        assert complaints == []


@asynccontextmanager
async def served(folder: Path) -> AsyncIterator[tuple[School, RunningClock, str]]:
    """Serve a school on a free port of this machine."""
    clock = RunningClock()
    school = await open_school(Settings(data_dir=folder, longest_wait=60), "oakwood", clock, pages=True)
    server = uvicorn.Server(uvicorn.Config(school.app, port=0, log_config=None, lifespan="on"))
    serving = asyncio.ensure_future(server.serve())
    while not server.started:
        assert not serving.done(), serving
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield school, clock, f"http://localhost:{port}"
    finally:
        server.should_exit = True
        await serving
        await school.client.aclose()


SEATED = """{{ sessionStorage["tp-session"] ??= {session}; localStorage["tp-device"] ??= {device}; }}"""


async def seated(
    hall: Hall, title: str, context: BrowserContext | None = None, gone: float = 0, **test: Any
) -> tuple[Exam, Candidate, Desk]:
    """Return a candidate in front of the first of six questions, `gone` seconds after the start."""
    exam = await hall.exam(title, [statement(number) for number in range(1, 7)], **test)
    candidate, device = await hall.candidate(), secrets.token_hex(8)
    started = await candidate.person.do(START, testId=exam.test_id, device=device)
    hall.clock.forward(seconds=gone)
    viewer = {"id": candidate.person.id, "name": "Meera Nair", "roles": ["STUDENT"], "tenant": "oakwood"}
    session = json.dumps({"token": candidate.person.token, "viewer": viewer})
    page = await (context or await hall.device()).new_page()
    await page.add_init_script(SEATED.format(session=json.dumps(session), device=json.dumps(device)))
    desk = await hall.desk(page=page, path=f"/t/oakwood/#attempt/{started['attempt']['id']}")
    await desk.is_at(1)
    await desk.is_saved()
    return exam, candidate, desk


async def hand_in(desk: Desk) -> None:
    await desk.page.get_by_role("button", name="Submit").click()
    await expect(desk.page.get_by_role("dialog")).to_contain_text("Hand in the paper?")
    await desk.page.get_by_role("button", name="Yes, hand it in").click()


async def answered(hall: Hall, exam: Exam, candidate: Candidate) -> list[int]:
    """Return the numbers of the questions to which the server has answers."""
    said = {response["questionId"] for response in (await hall.sat(exam, candidate))["responses"]}
    return [place for place, question in enumerate(exam.questions, 1) if question["id"] in said]


def statement(number: int) -> dict[str, Any]:
    asked = {"type": "SINGLE_CHOICE", "text": in_english(f"Statement {number}"), "key": {"correct": ["a"]}}
    return {**asked, "options": options(a="yes", b="no")}
