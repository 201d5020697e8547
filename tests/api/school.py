"""A school on a running platform: what tests ask through GraphQL, as teachers and students do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from starlette.applications import Starlette

from api.asgi import create_app
from api.bootstrap import KINDS, Services, open_services, platform
from api.graphql.trusted import NOT_ANY
from api.settings import Settings
from store.paging import every
from store.port import Key, Namespace, Query, Store, Value
from tenants.tenant import Tenant
from tests.unit.institution import CHEAP
from tp.clients.analysis import AnalysisClient
from tp.clients.taskqueue import TaskQueueClient
from tp.services.identity.passwords import Passwords
from tp.services.people.provisioning import create_tenant_with_admin

Kept = dict[Key, Mapping[str, Value]]
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

    async def teacher(self) -> Person:
        if "teacher" not in self.people:
            self.people["teacher"] = await self.person("teacher", "TEACHER")
        return self.people["teacher"]

    async def person(self, login: str, role: str = "STUDENT", groups: Sequence[str] = ()) -> Person:
        """Return a new user, logged in by an access code."""
        admin = await self.admin()
        user = {"login": login, "name": login.title(), "roles": [role], "groups": [*groups], "accessCode": True}
        created = await admin.do(CREATE_USERS, users=[user])
        return await self.enter(created["users"][0]["accessCode"])

    async def enter(self, code: str) -> Person:
        """Return the user to whom an access code belongs, logged in."""
        payload = await self.nobody.do(LOGIN, tenant=self.tenant.slug, accessCode=code)
        return Person(self.client, payload["token"], payload["viewer"]["id"])

    async def kept(self) -> Kept:
        """Return everything that is stored for this tenant."""
        return await everything(self.services.store.namespace(self.tenant.namespace))

    async def sweep(self) -> None:
        """Let the platform do its own work in this tenant, as it does again and again when it is served."""
        await self.services.catalogue.sweeping.sweep(self.services.store.namespace(self.tenant.namespace))


async def everything(namespace: Namespace) -> Kept:
    """Return every entity of a namespace."""
    return {e.key: e.properties for kind in KINDS async for e in every(namespace, Query(kind.name))}


async def open_school(
    settings: Settings,
    slug: str,
    clock: HandClock,
    store: Store | None = None,
    queue: TaskQueueClient | None = None,
    analysis: AnalysisClient | None = None,
    *,
    pages: bool = False,
) -> School:
    """Open an application on a store, or on the one that the settings name, with one tenant and its admin.

    `pages`: it executes the documents of the web frontends by their ids.
    """
    services = open_services(settings, clock, store, queue, analysis, Passwords(CHEAP))
    app = _application(settings, services, clock, pages)
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


def _application(settings: Settings, services: Services, clock: HandClock, pages: bool) -> Starlette:
    """Return the application; checking the documents of the frontends beforehand takes longer than most tests."""
    whole = platform(services, settings)
    return create_app(settings, whole if pages else replace(whole, trusted=NOT_ANY), clock)


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

    def option(self, place: int, text: str) -> str:
        """Return the id of the option that says `text`."""
        [id] = [option["id"] for option in self.questions[place]["options"] if option["text"] == text]
        found: str = id
        return found

    def visit(self, place: int, at: int = 500, type: str = "VISIT") -> dict[str, Any]:
        """Return an event about the question at `place` that carries no response."""
        return {"type": type, "at": at, "questionId": self.questions[place]["id"]}

    def answer(self, place: int, at: int = 1_000, **response: Any) -> dict[str, Any]:
        """Return the event that answers the question at `place`."""
        return {"type": "ANSWER", "at": at, "questionId": self.questions[place]["id"], "response": response}


async def set_exam(school: School, written: list[dict[str, Any]] | None = None, **test: Any) -> Exam:
    """Import questions, or create those that are given; publish a test of one hour, assigned to the group 10A."""
    teacher = await school.teacher()
    if written is None:
        questions = (await teacher.do(IMPORT, format="GIFT", content=GIFT))["questions"]
    else:
        questions = (await teacher.do(CREATE_QUESTIONS, questions=written))["questions"]
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


UPDATE_TEST = """mutation ($input: UpdateTestInput!) { updateTest(input: $input) {
  test { id title state schedule { opensAt closesAt } } userErrors { code path message } } }"""
CLOSE = """mutation ($input: TestIdInput!) { closeTest(input: $input) {
  test { id state closedAt } userErrors { code path message } } }"""
CREATE_QUESTIONS = """mutation ($input: CreateQuestionsInput!) { createQuestions(input: $input) {
  questions { id version type text options { id text } rows { id text } columns { id text } passage { id text }
    key { correct order numbers { low high fraction } texts { text fraction } caseSensitive
      weights { optionId fraction } rows { rowId columnIds } } }
  userErrors { code path message } } }"""
CORRECT = """mutation ($input: CorrectAnswerKeyInput!) { correctAnswerKey(input: $input) {
  test { id keyVersion } scored changes { attemptId student { id } before after }
  userErrors { code path message } } }"""
SITTING = """query ($id: ID!) { attempt(id: $id) {
  id state number startedAt submittedAt closedBy ackedSeq lastSeq missing currentQuestionId
  deadline { at reason acceptsUntil }
  responses { questionId optionIds text matrix { rowId columnIds } }
  palette { questionId state } } }"""
PAPER = """query ($id: ID!) { attempt(id: $id) { paper { id version title
  sections { id title questions { id number type text options { id text } rows { id text } columns { id text }
    marking { correct wrong } } } } } }"""
MARKS = """query ($id: ID!) { attempt(id: $id) { state result { keyVersion gradedAt
  total { marks maximum correct partial wrong unanswered dropped pending }
  sections { sectionId sum { marks } }
  questions { questionId outcome marks counted dropped key { correct numbers { low } texts { text } } } } } }"""


def instant(at: datetime) -> str:
    """Return an instant as the API writes it."""
    return at.isoformat().replace("+00:00", "Z")


async def open_again(settings: Settings, school: School, queue: TaskQueueClient | None = None) -> School:
    """Open another application on the same store: a second process, which remembers nothing."""
    services = open_services(settings, school.clock, queue=queue, passwords=Passwords(CHEAP))
    app = _application(settings, services, school.clock, pages=False)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    client = httpx.AsyncClient(transport=transport, base_url="http://localhost")
    return School(app, client, services, school.clock, school.tenant)


def through(other: School, person: Person) -> Person:
    """Return the same person, asking another process."""
    return Person(other.client, person.token, person.id)


def in_english(text: str) -> list[dict[str, str]]:
    return [{"language": "en", "text": text}]


def options(**texts: str) -> list[dict[str, Any]]:
    """Return options by their labels."""
    return [{"ref": ref, "text": in_english(text)} for ref, text in texts.items()]


def every_type() -> list[dict[str, Any]]:
    """Return a sound question of every type."""
    return [
        {
            "type": "SINGLE_CHOICE",
            "text": in_english("2 + 2?"),
            "options": options(a="3", b="4"),
            "key": {"correct": ["b"]},
        },
        {
            "type": "MULTIPLE_CHOICE",
            "text": in_english("Which are prime?"),
            "options": options(a="2", b="3", c="4"),
            "key": {
                "correct": ["a", "b"],
                "weights": [{"ref": "a", "fraction": "1/2"}, {"ref": "b", "fraction": "1/2"}],
            },
        },
        {
            "type": "NUMERIC",
            "text": in_english("Pi?"),
            "key": {"numbers": [{"low": "3.14", "high": "3.15"}, {"low": "3", "fraction": "1/2"}]},
        },
        {
            "type": "TEXT",
            "text": in_english("The capital of India?"),
            "key": {"texts": [{"text": "New Delhi"}], "caseSensitive": True},
        },
        {
            "type": "MATRIX_MATCH",
            "text": in_english("Match"),
            "rows": options(r="water", s="salt"),
            "columns": options(x="H2O", y="NaCl"),
            "key": {"rows": [{"ref": "r", "columns": ["x"]}, {"ref": "s", "columns": ["y"]}]},
        },
        {
            "type": "ORDER",
            "text": in_english("Oldest first"),
            "options": options(a="Ashoka", b="Akbar", c="Gandhi"),
            "key": {"order": ["a", "b", "c"]},
        },
        {"type": "ESSAY", "text": in_english("On rivers")},
    ]
