"""A school on a running platform: what tests ask through GraphQL, as teachers and students do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from starlette.applications import Starlette

from api.asgi import create_app
from api.bootstrap import Services, open_services, platform
from api.settings import Settings
from tenants.tenant import Tenant
from tp.services.people.provisioning import create_tenant_with_admin

ADMIN_PASSWORD = "correct horse"
GIFT = """
::one:: 2 + 2 = ? {=4 ~3 ~5 ~22}

::two:: Pi to two places? {#3.14:0.005}

::three:: The capital of India? {=New Delhi =Delhi}

::four:: Which are prime? {~%50%2 ~%50%3 ~%-100%4 ~%-100%6}
"""

LOGIN = """mutation ($input: LoginInput!) { login(input: $input) {
  token viewer { id roles } userErrors { code path message } } }"""
CREATE_USERS = """mutation ($input: CreateUsersInput!) { createUsers(input: $input) {
  users { user { id login } accessCode } userErrors { code path message } } }"""
IMPORT = """mutation ($input: ImportQuestionsInput!) { importQuestions(input: $input) {
  written questions { id type options { id text } key { correct weights { optionId } } }
  losses { line code message } userErrors { code path message } } }"""
CREATE_TEST = """mutation ($input: CreateTestInput!) { createTest(input: $input) {
  test { id state } userErrors { code path message } } }"""
PUBLISH = """mutation ($input: TestIdInput!) { publishTest(input: $input) {
  test { id state } userErrors { code path message } } }"""
ASSIGN = """mutation ($input: AssignTestInput!) { assignTest(input: $input) {
  test { id } userErrors { code path message } } }"""
START = """mutation ($input: StartAttemptInput!) { startAttempt(input: $input) {
  attempt { id state number startedAt deadline { at reason acceptsUntil } }
  userErrors { code path message } } }"""
SAVE = """mutation ($input: SaveResponsesInput!) { saveResponses(input: $input) {
  acknowledgement { seq ackedSeq serverNow deadline { at reason } } userErrors { code path message } } }"""
SUBMIT = """mutation ($input: SubmitAttemptInput!) { submitAttempt(input: $input) {
  attempt { id state submittedAt closedBy lastSeq missing } userErrors { code path message } } }"""
RELEASE = """mutation ($input: ReleaseResultsInput!) { releaseResults(input: $input) {
  test { id gates { score responses key } } userErrors { code path message } } }"""


@dataclass
class HandClock:
    """The server's clock, moved by hand."""

    now: datetime = datetime(2025, 6, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **delta: float) -> None:
        self.now += timedelta(**delta)


@dataclass
class Person:
    """Somebody with a token, or without one."""

    client: httpx.AsyncClient
    token: str | None = None
    id: str = ""

    async def post(self, document: str, variables: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the whole answer."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        body = {"query": document, "variables": variables or {}}
        answered: dict[str, Any] = (await self.client.post("/graphql", json=body, headers=headers)).json()
        return answered

    async def ask(self, document: str, **variables: Any) -> Any:
        """Return the data of an answer without errors: of its only root field."""
        answered = await self.post(document, variables)
        assert "errors" not in answered, answered
        [data] = answered["data"].values()
        return data

    async def do(self, document: str, **input: Any) -> Any:
        """Run a mutation that must succeed; return its payload."""
        payload = await self.ask(document, input=input)
        assert payload["userErrors"] == [], payload
        return payload

    async def refused(self, document: str, **input: Any) -> list[tuple[str, list[str]]]:
        """Run a mutation that must be refused; return the code and path of each user error."""
        payload = await self.ask(document, input=input)
        assert payload["userErrors"] != [], payload
        return [(error["code"], error["path"]) for error in payload["userErrors"]]

    async def error_codes(self, document: str, **variables: Any) -> list[str]:
        """Return the codes of the top-level errors."""
        answered = await self.post(document, variables)
        return [error["extensions"]["code"] for error in answered.get("errors", [])]


@dataclass
class School:
    """One tenant on one application."""

    app: Starlette
    client: httpx.AsyncClient
    services: Services
    clock: HandClock
    tenant: Tenant
    people: dict[str, Person] = field(default_factory=dict)

    @property
    def nobody(self) -> Person:
        return Person(self.client)

    async def login(self, login: str, password: str = ADMIN_PASSWORD) -> Person:
        payload = await self.nobody.do(LOGIN, tenant=self.tenant.slug, login=login, password=password)
        return Person(self.client, payload["token"], payload["viewer"]["id"])

    async def admin(self) -> Person:
        if "admin" not in self.people:
            self.people["admin"] = await self.login("admin")
        return self.people["admin"]

    async def person(self, login: str, role: str = "STUDENT", groups: Sequence[str] = ()) -> Person:
        """Return a new user, logged in by an access code."""
        admin = await self.admin()
        user = {"login": login, "name": login.title(), "roles": [role], "groups": [*groups], "accessCode": True}
        created = await admin.do(CREATE_USERS, users=[user])
        code = created["users"][0]["accessCode"]
        payload = await self.nobody.do(LOGIN, tenant=self.tenant.slug, accessCode=code)
        return Person(self.client, payload["token"], payload["viewer"]["id"])

    async def sweep(self) -> None:
        """Let the platform do its own work in this tenant, as it does again and again when it is served."""
        await self.services.catalogue.sweeping.sweep(self.services.store.namespace(self.tenant.namespace))


async def open_school(settings: Settings, slug: str, clock: HandClock) -> School:
    """Open an application on the store that the settings name, with one tenant and its administrator."""
    services = open_services(settings, clock)
    app = create_app(settings, platform(services, settings), clock)
    provisioned = await create_tenant_with_admin(
        services.registry,
        services.catalogue.creation,
        slug=slug,
        name=slug.title(),
        admin_login="admin",
        admin_password=ADMIN_PASSWORD,
        now=clock(),
    )
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    client = httpx.AsyncClient(transport=transport, base_url="http://localhost")
    return School(app, client, services, clock, provisioned.tenant)


@dataclass
class Exam:
    """A published test of four questions, and who may do what with it."""

    school: School
    teacher: Person
    test_id: str
    questions: list[dict[str, Any]]

    async def student(self, login: str) -> Person:
        """Return a student of the group to which the test is assigned."""
        return await self.school.person(login, groups=["10A"])

    async def start(self, student: Person) -> str:
        """Start an attempt; return its id."""
        attempt_id: str = (await student.do(START, testId=self.test_id))["attempt"]["id"]
        return attempt_id

    def answer(self, place: int, at: int = 1_000, **response: Any) -> dict[str, Any]:
        """Return the event that answers the question at `place`."""
        return {"type": "ANSWER", "at": at, "questionId": self.questions[place]["id"], "response": response}


async def set_exam(school: School, **test: Any) -> Exam:
    """Import questions, and publish a test of one hour that is assigned to the group 10A."""
    teacher = await school.person("teacher", "TEACHER")
    questions = (await teacher.do(IMPORT, format="GIFT", content=GIFT))["questions"]
    placed = [{"questionId": question["id"]} for question in questions]
    given: dict[str, Any] = {
        "title": "Monday test",
        "durationSeconds": 3600,
        "marking": {"preset": "PLAIN"},
        "sections": [{"title": "All", "questions": placed}],
        **test,
    }
    test_id = (await teacher.do(CREATE_TEST, **given))["test"]["id"]
    await teacher.do(PUBLISH, testId=test_id)
    await teacher.do(ASSIGN, testId=test_id, groups=["10A"])
    return Exam(school, teacher, test_id, questions)
