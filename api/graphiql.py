"""GraphiQL for browsers, from a CDN, with a plain editor of our own where the CDN is out of reach."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

PAGES = Path(__file__).parent / "pages"
ASSETS = ("start.js", "editor.js", "editor.css")
CDN = "https://cdn.jsdelivr.net"

# Scripts run from here and, by their hashes in the page, from the CDN; nothing inline. GraphiQL's own components
# put styles into the page as it runs.
POLICY = "; ".join(
    (
        "default-src 'none'",
        f"script-src 'self' {CDN}",
        f"style-src 'self' {CDN} 'unsafe-inline'",
        "font-src data:",
        "img-src data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)


def graphiql_page(_: Request) -> Response:
    """Return the page; it sends its operations to the address that it was loaded from."""
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-cache", "Vary": "Accept"}
    return FileResponse(PAGES / "graphiql.html", headers=headers)


def asset_routes() -> list[Route]:
    """Return the routes of the page's own scripts and styles."""
    return [Route(f"/graphiql/{name}", _asset) for name in ASSETS]


async def _asset(request: Request) -> Response:
    name = request.url.path.rpartition("/")[2]
    return FileResponse(PAGES / name, headers={"Cache-Control": "no-cache"})
