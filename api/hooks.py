"""`POST /t/{tenant}/reports/{id}/ended`: the task queue tells that the task of a report is over.

What it says is signed with the keys that services share. It is taken as a hint and no more: how the report stands
is asked of the analysis platform. While that cannot be told, the answer is 503, and the queue tells it again.
"""

from __future__ import annotations

import structlog
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from asgi.request_log import note, received_at_of
from taskqueue.contract import TaskEnded
from tenants.errors import TenantError
from tenants.registry import TenantRegistry
from tp.clients.errors import AnalysisError
from tp.errors import NotFound
from tp.services.catalogue import Catalogue
from trust.keys import KeyRing
from trust.signatures import HEADER, SignatureRefused, verify

PATH = "/t/{tenant}/reports/{id}/ended"

_log = structlog.stdlib.get_logger("tp.hooks")


def report_hook(ring: KeyRing, registry: TenantRegistry, catalogue: Catalogue) -> Route:
    """Return the route over the services; `ring` verifies who tells."""

    async def ended(request: Request) -> Response:
        body = await request.body()
        try:
            verify(ring, request.headers.get(HEADER), body, received_at_of(request.scope))
            told = TaskEnded.model_validate_json(body)
        except SignatureRefused as refused:
            note(request.scope, refused=refused.flaw.value)
            return Response(status_code=401)
        except ValidationError:
            return Response(status_code=422)
        tenant, id = request.path_params["tenant"], request.path_params["id"]
        if told.tenant != tenant or catalogue.report_following is None:
            return Response(status_code=410)
        try:
            await catalogue.report_following.refresh(await registry.own_work(tenant), id)
        except (TenantError, NotFound):
            return Response(status_code=410)
        except AnalysisError as error:
            _log.warning("how a report ended is not known yet", report=id, reason=str(error))
            return Response(status_code=503)
        return Response(status_code=204)

    return Route(PATH, ended, methods=["POST"])
