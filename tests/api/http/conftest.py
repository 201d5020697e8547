"""An application over a small schema of its own, a real SQLite store, and a client that asks like a frontend."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from graphql import GraphQLError, GraphQLResolveInfo, GraphQLSchema, build_schema
from starlette.applications import Starlette

from api.asgi import Platform, create_app
from api.auth import Call
from api.graphql.trusted import NOT_ANY, TrustedDocuments
from api.settings import Settings
from schema.access import ANYONE, AUTHENTICATED, EXTENSION, Access, holders
from store.errors import Conflict, OutcomeUnknown, Unavailable
from store.sqlite import SqliteStore
from tenants.errors import PermissionDenied
from tenants.kinds import KINDS
from tenants.registry import PLATFORM, TenantRegistry
from tenants.roles import Permission, Role
from tenants.scope import Principal
from tenants.tenant import TenantSettings
from tp.domain.problem import Code
from tp.errors import NotFound, Refused
from tp.services.identity.tokens import Tokens
from trust.keys import KeyRing, SigningKey

NOW = datetime(2025, 6, 2, 9, 0, tzinfo=UTC)

SDL = """
type Query {
  serverTime: String!
  viewer: Person
  node(id: ID!): Node
  found: [Thing!]!
  tests(first: Int = 20, last: Int): TestConnection!
  undeclared: String
  echo(text: String, number: Int, words: [String!], kind: Kind): String
  fails(how: String!): String
  sleeps(seconds: Float!): String
}
type Mutation { rename(input: RenameInput!): Person  saveResponses: String!  login(input: LoginInput!): String! }
interface Node { id: ID! }
union Thing = Test | Secret
type Person implements Node { id: ID! name: String! friend: Person friends(first: Int!): [Person!]! }
type Test implements Node { id: ID! title: String! author: Person tests(first: Int, last: Int): TestConnection! }
type Secret implements Node { id: ID! key: String! }
type TestConnection { nodes: [Test!]! }
enum Kind { GOOD BAD }
input RenameInput { id: ID!, name: String!, tags: [TagInput!], kind: Kind, size: Int, within: RenameInput }
input TagInput { text: String! }
input LoginInput { tenant: String!, login: String! }
"""

ACCESS: dict[str, Access] = {
    "Query.serverTime": ANYONE,
    "Mutation.login": ANYONE,
    "Query.echo": ANYONE,
    "Query.fails": ANYONE,
    "Query.sleeps": ANYONE,
    "Query.tests": holders(Permission.SEE_TESTS),
    "Test.title": holders(Permission.SEE_TESTS),
    "Test.author": holders(Permission.SEE_TESTS),
    "Test.tests": holders(Permission.SEE_TESTS),
    "TestConnection.nodes": holders(Permission.SEE_TESTS),
    "Secret.key": holders(Permission.SEE_QUESTIONS),
}

FAILURES: dict[str, Callable[[], Exception]] = {
    "defect": lambda: RuntimeError("password=hunter2 at /srv/secret.py"),
    "missing": lambda: NotFound("tst_1", ("testId",)),
    "refused": lambda: Refused.because(Code.NOT_OPEN, ("testId",), "the test is not open"),
    "unavailable": lambda: Unavailable("10.0.0.3:8081 refused"),
    "unknown": lambda: OutcomeUnknown("commit timed out"),
    "conflict": lambda: Conflict(5),
    "permission": lambda: PermissionDenied(Permission.AUTHOR),
    "graphql": lambda: GraphQLError("that is not how it is asked"),
}


def _schema() -> GraphQLSchema:
    schema = build_schema(SDL)
    for name in ("Query", "Mutation", "Node", "Person", "Test", "Secret", "TestConnection"):
        for field_name, definition in schema.type_map[name].fields.items():  # type: ignore[attr-defined]
            full = f"{name}.{field_name}"
            if full != "Query.undeclared":
                definition.extensions = {EXTENSION: ACCESS.get(full, AUTHENTICATED)}
    schema.type_map["Node"].resolve_type = lambda *_: "Person"  # type: ignore[attr-defined]
    schema.type_map["Thing"].resolve_type = lambda *_: "Test"  # type: ignore[attr-defined]
    query = schema.query_type
    assert query is not None
    query.fields["serverTime"].resolve = lambda _, info: info.context.received_at.isoformat()
    query.fields["viewer"].resolve = lambda _, info: {"id": info.context.scope.principal.id, "name": "Asha"}
    query.fields["found"].resolve = lambda *_: [{"id": "tst_1", "title": "Algebra"}]
    query.fields["tests"].resolve = lambda *_, **__: {"nodes": []}
    query.fields["node"].resolve = lambda _, __, id: {"id": id, "name": "Asha"}
    query.fields["echo"].resolve = lambda _, __, **given: repr(given)
    query.fields["fails"].resolve = _fail
    query.fields["sleeps"].resolve = _sleep
    assert schema.mutation_type is not None
    schema.mutation_type.fields["login"].resolve = lambda _, info, input: str(info.context.tenant)
    schema.mutation_type.fields["saveResponses"].resolve = lambda *_: "saved"
    schema.mutation_type.fields["rename"].resolve = lambda _, __, input: {"id": input["id"], "name": input["name"]}
    return schema


async def _sleep(_: Any, __: GraphQLResolveInfo, seconds: float) -> str:
    await asyncio.sleep(seconds)
    return "awake"


async def _fail(_: Any, __: GraphQLResolveInfo, how: str) -> str:
    raise FAILURES[how]()


@dataclass
class Answer:
    """An HTTP answer read as GraphQL."""

    response: httpx.Response

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def data(self) -> Any:
        return self.response.json()["data"]

    @property
    def errors(self) -> list[dict[str, Any]]:
        errors: list[dict[str, Any]] = self.response.json().get("errors", [])
        return errors

    @property
    def codes(self) -> list[str]:
        return [error["extensions"]["code"] for error in self.errors]

    @property
    def message(self) -> str:
        return str(self.errors[0]["message"])


@dataclass
class Door:
    """The application and a client on it. Role and tenant of a request go into its token."""

    app: Starlette
    client: httpx.AsyncClient
    registry: TenantRegistry
    tokens: Tokens
    store: SqliteStore

    def token(self, role: Role, tenant: str = "acme", *, issued: datetime = NOW) -> str:
        principal = Principal("usr_1", frozenset({role}))
        return self.tokens.issue(tenant, principal, now=issued, lifetime=timedelta(hours=1)).token

    async def ask(
        self,
        query: str,
        variables: dict[str, Any] | None = None,
        *,
        role: Role | None = None,
        headers: dict[str, str] | None = None,
        path: str = "/graphql",
        accept: str = "application/graphql-response+json",
        **parameters: Any,
    ) -> Answer:
        sent = {"Accept": accept, **(headers or {})}
        if role is not None:
            sent["Authorization"] = f"Bearer {self.token(role)}"
        body = {"query": query, "variables": variables, **parameters}
        return Answer(await self.client.post(path, json=body, headers=sent))

    async def post(self, body: bytes, **headers: str) -> Answer:
        sent = {"Content-Type": "application/json", "Accept": "application/graphql-response+json"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        return Answer(await self.client.post("/graphql", content=body, headers=sent))


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("TP_")]:
        monkeypatch.delenv(name)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(tmp_path / "store", KINDS)
    yield store
    await store.close()


@pytest.fixture
async def make_door(store: SqliteStore) -> AsyncIterator[Callable[..., Any]]:
    """Return a function that opens a door with settings; `clock`, `tasks` and `trusted` may be given too."""
    clients: list[httpx.AsyncClient] = []
    registry = TenantRegistry(store.namespace(PLATFORM), store, lambda: NOW)
    await registry.create("acme", "Acme School", TenantSettings(hosts=("acme.example.org",)))
    await registry.create("beta", "Beta College")
    tokens = Tokens(KeyRing([SigningKey(kid="test", secret=bytes(range(32)))]), os.urandom)

    async def context_of(call: Call) -> Call:
        return call

    def make(
        clock: Callable[[], datetime] = lambda: NOW,
        tasks: tuple[Any, ...] = (),
        trusted: TrustedDocuments = NOT_ANY,
        **settings: Any,
    ) -> Door:
        platform = Platform(store, tokens, registry, _schema(), context_of, trusted=trusted, tasks=tasks)
        app = create_app(Settings(**settings), platform, clock)
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        client = httpx.AsyncClient(transport=transport, base_url="http://localhost")
        clients.append(client)
        return Door(app, client, registry, tokens, store)

    yield make
    for client in clients:
        await client.aclose()


@pytest.fixture
def door(make_door: Callable[..., Door]) -> Door:
    """Return a door with the settings that nobody changed."""
    return make_door()
