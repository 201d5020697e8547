"""Asking, and answers as they are compared: all of the body, apart from the id that was sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

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
    """Ask for one root field, `Query.…` or `Mutation.…`."""
    sent = {"Accept": ACCEPT, **headers}
    if person.token:
        sent["Authorization"] = f"Bearer {person.token}"
    body = {"query": document(name, arguments, selection), "variables": arguments}
    response = await person.client.post(path, json=body, headers=sent)
    return Answer(response.status_code, response.json(), response.text)


async def ask_all(person: Person, role: Role, name: str, arguments: dict[str, Any]) -> Answer:
    """Ask for everything that a root field shows to a role."""
    return await ask(person, name, arguments, all_of(name, permissions_of(frozenset({role}))))
