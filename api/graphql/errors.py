"""Errors as clients see them: a stable code, a place, a message for people, and nothing of our insides."""

from __future__ import annotations

from typing import Any

import structlog
from graphql import GraphQLError

from api.graphql.codes import ErrorCode
from api.graphql.problems import clipped
from store.errors import BadCursor, Conflict, OutcomeUnknown, TooLarge, Unavailable
from tenants.errors import PermissionDenied, TenantSuspended, TenantUnknown
from tp.clients.errors import AnalysisError
from tp.errors import NotFound, Refused
from tp.services.identity.errors import Unauthenticated

_log = structlog.stdlib.get_logger("tp.graphql")
Told = tuple[ErrorCode, str, dict[str, Any]]


def formatted(error: GraphQLError, request_id: str) -> dict[str, Any]:
    """Return the wire form of an error, of execution or before it; a defect is logged and masked."""
    code, message, extensions = _told(error, request_id)
    wire: dict[str, Any] = {"message": message}
    if error.locations:
        wire["locations"] = [{"line": place.line, "column": place.column} for place in error.locations]
    if error.path is not None:
        wire["path"] = list(error.path)
    wire["extensions"] = {"code": code, **extensions}
    return wire


def told_of(cause: BaseException) -> Told | None:
    """Return what a user is told of an exception of the platform, `None` for one that nobody foresaw.

    Why the store failed is for the log: the user is told only what to do.
    """
    if isinstance(cause, Unavailable | OutcomeUnknown | Conflict):
        _log.warning("store failed", reason=str(cause))
    match cause:
        case PermissionDenied(permission=permission):
            return ErrorCode.FORBIDDEN, f"This needs the permission {permission}.", {"permission": permission}
        case TenantSuspended():
            return ErrorCode.TENANT_SUSPENDED, "This institution is suspended.", {}
        case TenantUnknown():
            return ErrorCode.TENANT_UNKNOWN, "No such institution.", {}
        case NotFound(path=path):
            return ErrorCode.NOT_FOUND, "Nothing here has that id.", {"input": list(path)}
        case Unauthenticated():
            return ErrorCode.UNAUTHENTICATED, "The token is not valid; log in again.", {}
        case Refused(problems=problems):
            wire = [{"code": p.code, "path": list(p.path), "message": p.message} for p in problems]
            return ErrorCode.BAD_USER_INPUT, clipped(str(cause)), {"problems": wire}
        case OutcomeUnknown():
            message = "The store did not confirm the change: it may or may not have been made."
            return ErrorCode.STORE_UNAVAILABLE, message, {"outcome": "UNKNOWN"}
        case Unavailable():
            message = "The store cannot be used at the moment; nothing was done, try again."
            return ErrorCode.STORE_UNAVAILABLE, message, {"outcome": "NONE"}
        case Conflict():
            message = "Others were changing the same records; nothing was done, try again."
            return ErrorCode.STORE_UNAVAILABLE, message, {"outcome": "NONE"}
        case TooLarge(what=what, size=size, limit=limit):
            return ErrorCode.LIMIT_EXCEEDED, f"{what}: {size} is over the limit of {limit}.", {}
        case BadCursor():
            return ErrorCode.BAD_USER_INPUT, "The cursor is not one of this list.", {}
        case AnalysisError():
            _log.warning("the analysis platform failed", reason=str(cause))
            message = "The analysis service does not answer at the moment; exams and marks are not affected."
            return ErrorCode.ANALYSIS_UNAVAILABLE, message, {}
        case TimeoutError():
            return ErrorCode.TIMEOUT, "This took too long.", {}
    return None


def _told(error: GraphQLError, request_id: str) -> Told:
    cause = error.original_error
    extensions = dict(error.extensions or {})
    if cause is None or isinstance(cause, GraphQLError):
        # Raised with intent, by our checks, by a resolver, or by the library on an argument's value.
        code = extensions.pop("code", ErrorCode.BAD_USER_INPUT)
        return code, clipped(error.message), extensions
    told = told_of(cause)
    if told is None:
        _log.error("resolver failed", path=error.path, exc_info=cause)
        message = "Something went wrong on our side; the request id finds it in our log."
        return ErrorCode.INTERNAL, message, {"requestId": request_id}
    return told
