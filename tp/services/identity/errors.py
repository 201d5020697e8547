"""What identity raises.

TestPlatformError
├── Unauthenticated     a bearer token that says nothing about who asks; carries the reason
└── Refused
    └── Throttled       too many failures, or too many waiting; carries when to come again
"""

from __future__ import annotations

import math
from enum import StrEnum

from tp.domain.problem import Code, Problem
from tp.errors import Refused, TestPlatformError


class Reason(StrEnum):
    """Why a token was not taken: for logs and for clients that may ask for a new login."""

    MALFORMED = "MALFORMED"
    UNKNOWN_KEY = "UNKNOWN_KEY"
    BAD_SIGNATURE = "BAD_SIGNATURE"
    WRONG_ISSUER = "WRONG_ISSUER"
    EXPIRED = "EXPIRED"
    WRONG_TENANT = "WRONG_TENANT"
    SESSION_ENDED = "SESSION_ENDED"


class Unauthenticated(TestPlatformError):
    """The token was not taken."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(f"token not taken: {reason}")
        self.reason = reason


class Throttled(Refused):
    """Nothing was tried. `retry_after` is in whole seconds, at least one."""

    def __init__(self, seconds: float) -> None:
        self.retry_after = max(1, math.ceil(seconds))
        super().__init__([Problem(Code.THROTTLED, (), f"too many attempts: try again in {self.retry_after} s")])
