"""Pages and files of the web frontends over HTTP.

A page is asked for anew each time, by its ETag; all else lies under an address that names its version, and is kept
for ever.
"""

from __future__ import annotations

import html
import json
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.web.files import WebFile, WebFiles
from api.web.modules import modules_of
from store.errors import StoreError
from tenants.registry import TenantRegistry

PAGES = {"player": ("/", "/t/{tenant}/"), "console": ("/console/", "/t/{tenant}/console/")}
"""Where each frontend is shown: a folder with an `index.html` and a `main.js`."""

WORKER = "player/worker.js"
"""Served at the root: a service worker looks after what lies below its address."""

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types tp",
    )
)
PAGE_HEADERS = {
    "Content-Security-Policy": POLICY,
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
FOR_EVER = "public, max-age=31536000, immutable"

Endpoint = Callable[[Request], Awaitable[Response]]


def web_routes(folder: Path, documents: Mapping[str, str], registry: TenantRegistry) -> list[Route]:
    """Return the routes of what is in a folder; `documents`: the `documentId` of each trusted document by name.

    Raises OSError.
    """
    manifest = f"export default {json.dumps(documents, sort_keys=True)};\n".encode()
    web = WebFiles.read(folder, {"documents.js": manifest})
    pages = [
        Route(path, _page(name, web, registry))
        for name, paths in PAGES.items()
        if f"{name}/index.html" in web.files
        for path in paths
    ]
    worker, file = _worker(web.files[WORKER]), _file(web)
    return [*pages, Route("/worker.js", worker), Route("/web/{version}/{path:path}", file)]


def _page(name: str, web: WebFiles, registry: TenantRegistry) -> Endpoint:
    preloads = "\n".join(
        f'<link rel="modulepreload" href="/web/{web.version}/{path}">'
        for path in modules_of(f"{name}/main.js", web.files)
    )
    written = web.files[f"{name}/index.html"].body.decode()
    written = written.replace("{preloads}", preloads).replace("{version}", web.version)

    async def page(request: Request) -> Response:
        institution = await _institution(request, registry)
        body = written.replace("{institution}", html.escape(institution, quote=True)).encode()
        return _answer(request, WebFile.of("index.html", body), PAGE_HEADERS)

    return page


async def _institution(request: Request, registry: TenantRegistry) -> str:
    """Return the slug of the institution whose address this is, or nothing: then it is chosen at the login."""
    try:
        tenant = await registry.at_host(request.headers.get("host", ""))
    except StoreError:
        return ""
    return "" if tenant is None else tenant.slug


def _worker(file: WebFile) -> Endpoint:
    async def worker(request: Request) -> Response:
        # A worker fetches as its own policy allows; without one, that of all other answers lets it fetch nothing.
        headers = {
            "Content-Security-Policy": "default-src 'none'; connect-src 'self'",
            "Cache-Control": "no-cache",
        }
        return _answer(request, file, headers)

    return worker


def _file(web: WebFiles) -> Endpoint:
    async def file(request: Request) -> Response:
        found = web.files.get(request.path_params["path"])
        if found is None:
            raise HTTPException(404)
        # While servers of two versions run, a page of the one may ask the other.
        ours = request.path_params["version"] == web.version
        return _answer(request, found, {"Cache-Control": FOR_EVER if ours else "no-cache"})

    return file


def _answer(request: Request, file: WebFile, headers: Mapping[str, str]) -> Response:
    wants_gzip = file.gzipped is not None and "gzip" in request.headers.get("accept-encoding", "")
    etag = f'"{file.etag}-gzip"' if wants_gzip else f'"{file.etag}"'
    sent = {**headers, "ETag": etag, "Vary": "Accept-Encoding", "Content-Type": file.media_type}
    if etag in request.headers.get("if-none-match", ""):
        return Response(None, 304, sent)
    if wants_gzip:
        return Response(file.gzipped, 200, sent | {"Content-Encoding": "gzip"})
    return Response(file.body, 200, sent)
