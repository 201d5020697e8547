"""The routes beside GraphQL: none without a word on who may use it, and ids in their paths as those in GraphQL."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from campus import Campus, Town
from cases import THOSE_WHO_SEE_RESULTS
from school import Person
from traces import kept_by_all, missing_like

from api.guarded import GuardedRoute
from tenants.roles import Role, permissions_of

pytestmark = pytest.mark.asyncio(loop_scope="session")
WHERE = "tests/isolation/test_isolation_routes.py"
OPEN = {
    "/": "the player's page, the same for all; which institution a host name is, its address tells",
    "/t/{tenant}/": "the same page, whatever is named",
    "/console/": "the console's page, the same for all",
    "/worker.js": "a file of the player",
    "/web/": "files of pages that all may see",
    "/graphql": "by the fields' declarations: test_isolation_access.py, test_isolation_ids.py",
    "/t/{tenant}/graphql": "the same, at an institution's own address: test_isolation_addresses.py",
    "/healthz": "tells that the process is up",
    "/readyz": "tells that the store answers",
    "/metrics": "counts of the process, of no institution: tests/api/http/test_http_metrics.py",
    "/graphiql/": "files of a page that all may see",
    "/t/{tenant}/reports/{id}/ended": "signed by a service, and answered with a status alone: tests/analysis",
    "/v1": "service tokens, which name institutions: tests/api/test_rest_access.py has a case for each route",
}
"""Path, or the beginning of paths that end in a slash: what keeps it from telling one institution of another."""


@dataclass(frozen=True, slots=True)
class RouteCase:
    """A route by GET with an id in its path; see `Case`."""

    path: str
    takes: str
    admits: frozenset[Role]

    def __str__(self) -> str:
        return self.path


CASES = [RouteCase("/t/{tenant}/exports/{id}", "task", THOSE_WHO_SEE_RESULTS)]
every_case = pytest.mark.parametrize("case", CASES, ids=str)


async def fetched(person: Person, case: RouteCase, at: Campus, id: str) -> tuple[int, str]:
    """Return status and body, apart from the id that was sent."""
    headers = {"Authorization": f"Bearer {person.token}"} if person.token else {}
    response = await person.client.get(case.path.format(tenant=at.slug, id=id), headers=headers)
    return response.status_code, response.text.replace(id, "…")


async def test_every_route_is_known_to_keep_institutions_apart(town: Town) -> None:
    paths = {str(getattr(route, "path", route)) for route in town.ours.school.app.routes}
    known = {*OPEN, *(case.path for case in CASES)}
    folders = tuple(path for path in OPEN if path.endswith("/") and path != "/")

    unknown = {path for path in paths - known if not path.startswith(folders)}

    assert not unknown, f"isolation is not tested here: add to CASES, or to OPEN, of {WHERE}: {sorted(unknown)}"
    assert {path for path in known if not path.endswith("/")} <= paths


@pytest.mark.parametrize("role", Role)
@every_case
async def test_a_foreign_id_is_answered_as_a_missing_one(town: Town, case: RouteCase, role: Role) -> None:
    person, own, foreign = town.ours.by_role[role], *(getattr(c.has, case.takes) for c in (town.ours, town.theirs))
    before = await kept_by_all(town)

    answers = [await fetched(person, case, town.ours, id) for id in (foreign, *missing_like(foreign))]
    mine = await fetched(person, case, town.ours, own)

    assert answers == [answers[0]] * 3
    assert answers[0][0] in (403, 404)
    assert (mine[0] == 200) is (role in case.admits)
    assert mine[0] == 200 or mine == answers[0]
    assert await kept_by_all(town) == before


@pytest.mark.parametrize("role", Role)
@every_case
async def test_a_role_is_admitted_to_what_the_route_declares(town: Town, case: RouteCase, role: Role) -> None:
    [route] = [route for route in town.ours.school.app.routes if getattr(route, "path", "") == case.path]
    assert isinstance(route, GuardedRoute)

    status, _ = await fetched(town.ours.by_role[role], case, town.ours, "tsk_" + "x" * 16)

    assert (status != 403) is route.access.admits(permissions_of(frozenset({role})))


@every_case
async def test_at_anothers_address_and_without_a_token_nothing_is_told(town: Town, case: RouteCase) -> None:
    admin, nobody = town.ours.by_role[Role.ADMIN], town.ours.school.nobody

    for campus in (town.ours, town.theirs):
        id = getattr(campus.has, case.takes)
        away, unknown = await fetched(admin, case, town.theirs, id), await fetched(nobody, case, campus, id)
        assert (away[0], "TENANT_MISMATCH" in away[1]) == (403, True)
        assert (unknown[0], "UNAUTHENTICATED" in unknown[1]) == (401, True)


@every_case
async def test_a_colleagues_is_answered_as_missing(town: Town, case: RouteCase) -> None:
    own = getattr(town.ours.has, case.takes)

    answers = [await fetched(town.ours.colleague, case, town.ours, id) for id in (own, *missing_like(own))]

    assert answers == [answers[0]] * 3
    assert answers[0][0] == 404
