"""stub"""

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route


def graphiql_page(request: Request) -> Response:
    return HTMLResponse("")


def asset_routes() -> list[Route]:
    return []
