"""A client of the platform's GraphQL over HTTP, as a frontend has one: a token, a connection, documents."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import httpx

RESPONSE_JSON = "application/graphql-response+json"


class Failed(Exception):
    """The server refused: `codes` are those of the answer, `message` tells the first of them."""

    def __init__(self, codes: tuple[str, ...], message: str) -> None:
        super().__init__(message)
        self.codes = codes


@dataclass(frozen=True, slots=True)
class Client:
    """`http` has the server's address as its base; its owner closes it. `token` is `None` before the login."""

    http: httpx.AsyncClient
    tenant: str
    token: str | None = None

    async def ask(self, document: str, **variables: Any) -> Any:
        """Return the data of an operation's only root field. Raises Failed, httpx.HTTPError."""
        headers = {"Accept": RESPONSE_JSON, "X-Tenant": self.tenant}
        if self.token is not None:
            headers["Authorization"] = f"Bearer {self.token}"
        body = {"query": document, "variables": variables}
        answered = (await self.http.post("/graphql", json=body, headers=headers)).json()
        if "errors" in answered:
            codes = tuple(error["extensions"]["code"] for error in answered["errors"])
            raise Failed(codes, answered["errors"][0]["message"])
        [data] = answered["data"].values()
        return data

    async def do(self, document: str, **input: Any) -> Any:
        """Run a mutation; return its payload. Raises Failed also for what the user could mend."""
        payload = await self.ask(document, input=input)
        errors = payload["userErrors"]
        if errors:
            told = f"{'.'.join(errors[0]['path'])}: {errors[0]['message']}"
            raise Failed(tuple(error["code"] for error in errors), told)
        return payload

    async def logged_in(self, **credentials: str) -> Client:
        """Return a client with the token that `login`, `password` or `accessCode` give. Raises Failed."""
        payload = await self.do(LOGIN, tenant=self.tenant, **credentials)
        return replace(self, token=payload["token"])


LOGIN = """mutation ($input: LoginInput!) {
  login(input: $input) { token userErrors { code path message } } }"""
