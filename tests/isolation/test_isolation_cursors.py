"""A cursor says where to go on in one's own list: another institution's opens nothing of its list."""

from __future__ import annotations

from typing import Any

import pytest
from asking import ask_all
from calls import field_of, root_fields
from campus import Campus, Town
from traces import ids_in, ids_told, kept_by

from tenants.roles import Role

pytestmark = pytest.mark.asyncio(loop_scope="session")
LISTS = [name for name in root_fields() if "after" in field_of(name).args]


def listed(campus: Campus, name: str, **page: Any) -> dict[str, Any]:
    """Return the arguments of a page of a list; what is needed besides is the institution's own."""
    needed = {"testId": campus.has.test} if "testId" in field_of(name).args else {}
    return {**needed, **page}


@pytest.mark.parametrize("name", LISTS)
async def test_a_foreign_cursor_opens_nothing_foreign(town: Town, name: str) -> None:
    admins = {campus.slug: campus.by_role[Role.ADMIN] for campus in (town.ours, town.theirs)}
    page = await ask_all(admins[town.theirs.slug], Role.ADMIN, name, listed(town.theirs, name, first=1))
    [edge] = page.given["edges"]

    asked = listed(town.ours, name, first=50, after=edge["cursor"])
    answer = await ask_all(admins[town.ours.slug], Role.ADMIN, name, asked)

    assert answer.codes <= {"BAD_USER_INPUT"}
    assert ids_told(answer.text) <= ids_in(await kept_by(town.ours))
    assert town.theirs.slug not in answer.text
