"""The stable codes of top-level errors (`extensions.code`) and the HTTP status of each.

Clients branch on them, so none is ever renamed. The status is used where the answer's media type is
`application/graphql-response+json` and nothing was executed, and for every refusal before GraphQL is looked at.
"""

from __future__ import annotations

from enum import StrEnum


class ErrorCode(StrEnum):
    BAD_REQUEST = "BAD_REQUEST"
    """The HTTP request is not a GraphQL-over-HTTP request: malformed JSON, a parameter of the wrong type."""
    GRAPHQL_PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
    GRAPHQL_VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
    PERSISTED_QUERY_NOT_FOUND = "PERSISTED_QUERY_NOT_FOUND"
    """No document of this hash is known here: send its text, where texts are taken."""
    DOCUMENT_NOT_TRUSTED = "DOCUMENT_NOT_TRUSTED"
    """Only known documents are executed, and this text is none of them."""
    BAD_USER_INPUT = "BAD_USER_INPUT"
    """A variable or argument has the wrong form."""
    LIMIT_EXCEEDED = "LIMIT_EXCEEDED"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    """No token, or none that is valid: log in and try again."""
    FORBIDDEN = "FORBIDDEN"
    TENANT_MISMATCH = "TENANT_MISMATCH"
    """Token, host name, `X-Tenant` and path do not name the same tenant."""
    TENANT_SUSPENDED = "TENANT_SUSPENDED"
    TENANT_UNKNOWN = "TENANT_UNKNOWN"
    NOT_FOUND = "NOT_FOUND"
    METHOD_NOT_ALLOWED = "METHOD_NOT_ALLOWED"
    NOT_ACCEPTABLE = "NOT_ACCEPTABLE"
    UNSUPPORTED_MEDIA_TYPE = "UNSUPPORTED_MEDIA_TYPE"
    BODY_TOO_LARGE = "BODY_TOO_LARGE"
    STORE_UNAVAILABLE = "STORE_UNAVAILABLE"
    """Try again; with `extensions.outcome` = `UNKNOWN` the change may have been made: look first."""
    ANALYSIS_UNAVAILABLE = "ANALYSIS_UNAVAILABLE"
    """What a report says cannot be read at the moment; everything else can."""
    OVERLOADED = "OVERLOADED"
    """Nothing was done: try again after `extensions.retryAfter` seconds."""
    TIMEOUT = "TIMEOUT"
    INTERNAL = "INTERNAL"
    """A defect of ours; `extensions.requestId` finds it in the log."""


STATUS: dict[ErrorCode, int] = {
    ErrorCode.BAD_REQUEST: 400,
    ErrorCode.GRAPHQL_PARSE_FAILED: 400,
    ErrorCode.GRAPHQL_VALIDATION_FAILED: 400,
    ErrorCode.PERSISTED_QUERY_NOT_FOUND: 400,
    ErrorCode.DOCUMENT_NOT_TRUSTED: 400,
    ErrorCode.BAD_USER_INPUT: 400,
    ErrorCode.LIMIT_EXCEEDED: 400,
    ErrorCode.UNAUTHENTICATED: 401,
    ErrorCode.FORBIDDEN: 403,
    ErrorCode.TENANT_MISMATCH: 403,
    ErrorCode.TENANT_SUSPENDED: 403,
    ErrorCode.TENANT_UNKNOWN: 404,
    ErrorCode.NOT_FOUND: 404,
    ErrorCode.METHOD_NOT_ALLOWED: 405,
    ErrorCode.NOT_ACCEPTABLE: 406,
    ErrorCode.UNSUPPORTED_MEDIA_TYPE: 415,
    ErrorCode.BODY_TOO_LARGE: 413,
    ErrorCode.STORE_UNAVAILABLE: 503,
    ErrorCode.ANALYSIS_UNAVAILABLE: 503,
    ErrorCode.OVERLOADED: 503,
    ErrorCode.TIMEOUT: 504,
    ErrorCode.INTERNAL: 500,
}
