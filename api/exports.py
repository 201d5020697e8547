"""`GET /t/{tenant}/exports/{id}`: the file that an export made, to whoever asked for it."""

from __future__ import annotations

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from api.auth import Call
from api.guarded import Authenticate, GuardedRoute
from schema.access import holders
from tenants.roles import Permission
from tp.services.exporting.results import ExportFile, ResultExport
from tp.tables import ExportFormat

MEDIA_TYPES = {
    ExportFormat.CSV: "text/csv; charset=utf-8",
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def export_route(authenticate: Authenticate, exporting: ResultExport) -> GuardedRoute:
    """Return the route over the service."""

    async def download(request: Request, call: Call) -> Response:
        assert call.scope is not None
        file = await exporting.file(call.scope, request.path_params["id"])
        assert file.job.format is not None
        headers = {
            "Content-Disposition": _disposition(file),
            "Content-Length": str(file.job.size),
            "Cache-Control": "no-store",
        }
        return StreamingResponse(file.parts, headers=headers, media_type=MEDIA_TYPES[file.job.format])

    return GuardedRoute("/t/{tenant}/exports/{id}", download, holders(Permission.SEE_RESULTS), authenticate)


def _disposition(file: ExportFile) -> str:
    """Return the header by which a browser saves the file under the test's title (RFC 6266)."""
    ending = str(file.job.format).lower()
    title = quote(f"{file.test.title}.{ending}", safe="")
    return f"attachment; filename=\"results.{ending}\"; filename*=UTF-8''{title}"
