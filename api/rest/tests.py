"""A test, read; its standings, written."""

from __future__ import annotations

from fastapi import APIRouter, Response

from analysis.contract import StandingsPage
from api.rest.access import DeclaredRoute, MayReadTests, MayWriteStandings
from api.rest.problems import told
from tp.contract import TestView

PREFIX = "/tenants/{tenant}/tests/{testId}"

router = APIRouter(prefix=PREFIX, route_class=DeclaredRoute, tags=["tests"])


@router.get("", response_model=TestView, responses=told())
async def get_test(testId: str, asked: MayReadTests) -> Response:  # noqa: N803
    """Return a published test: paper, tags, marking, schedule, the newest answer key and all versions of it."""
    view = await asked.service.catalogue.served_tests.get(asked.scope, testId)
    return Response(
        view.model_dump_json(by_alias=True), 200, {"Cache-Control": "no-store"}, media_type="application/json"
    )


@router.put("/standings", status_code=204, responses=told(409))
async def put_standings(testId: str, page: StandingsPage, asked: MayWriteStandings) -> Response:  # noqa: N803
    """Keep ranks and percentiles beside the results; made from another version of the key they are refused."""
    await asked.service.catalogue.standings.keep(asked.scope, testId, page)
    return Response(status_code=204)
