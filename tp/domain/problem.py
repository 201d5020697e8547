"""What is wrong with what a user sent, told by a stable code and the place where it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

PathStep = str | int


class Code(StrEnum):
    """Stable codes of user errors; clients branch on them, so none is ever renamed."""

    INVALID = "INVALID"
    REQUIRED = "REQUIRED"
    NOT_FOUND = "NOT_FOUND"
    ALREADY_EXISTS = "ALREADY_EXISTS"
    TOO_LARGE = "TOO_LARGE"
    TOO_MANY = "TOO_MANY"
    INVALID_STATE = "INVALID_STATE"
    # publishing
    NO_QUESTIONS = "NO_QUESTIONS"
    NO_KEY = "NO_KEY"
    KEY_MISMATCH = "KEY_MISMATCH"
    DUPLICATE_QUESTION = "DUPLICATE_QUESTION"
    TOTAL_MISMATCH = "TOTAL_MISMATCH"
    WINDOW_TOO_SHORT = "WINDOW_TOO_SHORT"
    LANGUAGE_MISSING = "LANGUAGE_MISSING"
    NOT_RENDERED = "NOT_RENDERED"
    # sitting
    NOT_OPEN = "NOT_OPEN"
    WINDOW_CLOSED = "WINDOW_CLOSED"
    NOT_ASSIGNED = "NOT_ASSIGNED"
    ATTEMPT_LIMIT = "ATTEMPT_LIMIT"
    ATTEMPT_CLOSED = "ATTEMPT_CLOSED"
    NOT_STARTED = "NOT_STARTED"
    DEADLINE_PASSED = "DEADLINE_PASSED"
    SEQUENCE_CONFLICT = "SEQUENCE_CONFLICT"
    PAUSED = "PAUSED"
    OTHER_DEVICE = "OTHER_DEVICE"
    TAKEN_OVER = "TAKEN_OVER"
    MISSING_BATCHES = "MISSING_BATCHES"
    UNKNOWN_QUESTION = "UNKNOWN_QUESTION"
    UNKNOWN_OPTION = "UNKNOWN_OPTION"
    # import
    SYNTAX = "SYNTAX"
    UNSUPPORTED = "UNSUPPORTED"
    # identity
    BAD_CREDENTIALS = "BAD_CREDENTIALS"
    THROTTLED = "THROTTLED"
    TENANT_SUSPENDED = "TENANT_SUSPENDED"
    TENANT_UNKNOWN = "TENANT_UNKNOWN"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. `path` leads to it through the input: `("events", 3, "questionId")`.

    `retry_after`: seconds after which the same may be asked again, where it is only too early.
    """

    code: Code
    path: tuple[PathStep, ...]
    message: str
    retry_after: float | None = None
