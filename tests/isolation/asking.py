"""Asking, and answers as they are compared: all of the body, apart from the id that was sent."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any

import httpx
from calls import all_of, document
from school import Person

from tenants.roles import Role, permissions_of

ACCEPT = "application/graphql-response+json"


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: dict[str, Any]
    text: str

    @property
    def codes(self) -> set[str]:
        """The codes of the top-level errors."""
        return {error["extensions"]["code"] for error in self.body.get("errors", [])}

    @property
    def given(self) -> Any:
        """What the root field answered; `None` when it did not."""
        [given] = (self.body.get("data") or {"": None}).values()
        return given

    @property
    def succeeded(self) -> bool:
        """Nothing was refused, and something was found."""
        if self.codes or self.given is None:
            return False
        return not self.given.get("userErrors") and self.given.get("edges") != []

    def without(self, *ids: str) -> tuple[int, str]:
        """Return status and body without ids that both answers name and neither needs to have in common."""
        text = self.text
        for id in ids:
            text = text.replace(id, "…")
        return self.status, text


async def ask(
    person: Person, name: str, arguments: dict[str, Any], selection: str, path: str = "/graphql", **headers: str
) -> Answer:
    """Ask for one root field, `Query.…` or `Mutation.…`; of `Subscription.…`, for its first event."""
    sent = {"Accept": ACCEPT, **headers}
    if person.token:
        sent["Authorization"] = f"Bearer {person.token}"
    body = {"query": document(name, arguments, selection), "variables": arguments}
    if name.startswith("Subscription."):
        return await _first_event(person, path, body, sent)
    response = await person.client.post(path, json=body, headers=sent)
    return Answer(response.status_code, response.json(), response.text)


async def ask_all(person: Person, role: Role, name: str, arguments: dict[str, Any]) -> Answer:
    """Ask for everything that a root field shows to a role."""
    return await ask(person, name, arguments, all_of(name, permissions_of(frozenset({role}))))


async def _first_event(person: Person, path: str, body: dict[str, Any], headers: dict[str, str]) -> Answer:
    """Return the first event of a stream as an answer, or the answer that refuses it; then go away."""
    sent = {**headers, "Accept": "text/event-stream", "Content-Type": "application/json"}
    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "query_string": b"",
        "headers": [(k.lower().encode(), v.encode()) for k, v in {"Host": "localhost", **sent}.items()],
        "client": ("127.0.0.1", 1),
    }
    status, text, gone = 0, "", asyncio.Event()
    request = [{"type": "http.request", "body": json.dumps(body).encode(), "more_body": False}]

    async def receive() -> Any:
        if request:
            return request.pop()
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        nonlocal status, text
        status = message.get("status", status)
        text += message.get("body", b"").decode()
        if text.startswith("event: next") and text.endswith("\n\n"):
            gone.set()

    transport = person.client._transport
    assert isinstance(transport, httpx.ASGITransport)
    await transport.app(scope, receive, send)
    told = text.partition("data: ")[2].partition("\n")[0] if text.startswith("event: ") else text
    return Answer(status, json.loads(told), told)
