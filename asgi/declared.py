"""Routes that say beside them who may use them: one that does not cannot be made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from fastapi.routing import APIRoute

SECURITY: Final = {"serviceToken": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
"""For the OpenAPI document."""


class Undeclared(Exception):
    """A route does not say who may use it."""


def declared_route(scope_of: Callable[[APIRoute], str | None]) -> type[APIRoute]:
    """Return the class of routes of which `scope_of` finds what they declare; it is told in the document."""

    class DeclaredRoute(APIRoute):
        def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
            super().__init__(path, endpoint, **options)
            scope = scope_of(self)
            if scope is None:
                raise Undeclared(path)
            self.openapi_extra = {"security": [{name: [str(scope)]} for name in SECURITY]}

    return DeclaredRoute
