"""The REST interface as an application of its own, mounted at `/v1` beside GraphQL."""

from __future__ import annotations

from typing import Any, Final

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware

from api.rest import lists, problems, tests
from api.rest.problems import ProblemDocument
from api.rest.service import Service
from asgi.answered import Answered
from asgi.declared import SECURITY

MOUNTED_AT: Final = "/v1"


def create_rest(service: Service) -> FastAPI:
    """Return the application over the services."""
    app = _Documented(
        title="Test Platform, for services",
        description="Tests, graded attempts and event logs, one tenant at a time; standings taken back.",
        version="1",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        middleware=[Middleware(Answered, answer=problems.document)],
        exception_handlers={RequestValidationError: problems.handler, HTTPException: problems.handler},
    )
    app.state.service = service
    for part in (tests, lists):
        app.include_router(part.router)
    return app


class _Documented(FastAPI):
    """Names the problem document once among the schemas; the routes refer to it."""

    def openapi(self) -> dict[str, Any]:
        document = super().openapi()
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        document["components"]["securitySchemes"] = SECURITY
        if ProblemDocument.__name__ not in schemas:
            schema = ProblemDocument.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas.update(schema.pop("$defs", {}))
            schemas[ProblemDocument.__name__] = schema
        return document
