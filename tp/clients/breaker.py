"""A circuit breaker: after several failures in a row calls are refused at once, until one is let through to try.

CLOSED ──failures──▶ OPEN ──after a rest──▶ HALF_OPEN ──success──▶ CLOSED
                      ▲                        └──failure──┐
                      └────────────────────────────────────┘

Pure steps from one state to the next; the instant comes as an argument, in seconds of any clock that only goes
forward.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

FAILURES = 5
REST_SECONDS = 15.0
TRIAL_SECONDS = 30.0
"""How long one trial may take before another is let through."""


class BreakerState(StrEnum):
    CLOSED = "CLOSED"
    OPEN = "OPEN"
    HALF_OPEN = "HALF_OPEN"


@dataclass(frozen=True, slots=True)
class Breaker:
    """`since`: when it was opened, or its trial let through."""

    failures_allowed: int = FAILURES
    rest_seconds: float = REST_SECONDS
    state: BreakerState = BreakerState.CLOSED
    failures: int = 0
    since: float = 0.0

    def asked(self, now: float) -> tuple[bool, Breaker]:
        """Tell whether a call may be made now, and the state after asking."""
        waited = now - self.since
        match self.state:
            case BreakerState.CLOSED:
                return True, self
            case BreakerState.OPEN if waited >= self.rest_seconds:
                return True, replace(self, state=BreakerState.HALF_OPEN, since=now)
            case BreakerState.HALF_OPEN if waited >= TRIAL_SECONDS:
                return True, replace(self, since=now)
            case _:
                return False, self

    def succeeded(self) -> Breaker:
        """Return the state after a call that was answered."""
        return replace(self, state=BreakerState.CLOSED, failures=0)

    def failed(self, now: float) -> Breaker:
        """Return the state after a call that was not."""
        failures = self.failures + 1
        if self.state is BreakerState.CLOSED and failures < self.failures_allowed:
            return replace(self, failures=failures)
        return replace(self, state=BreakerState.OPEN, failures=failures, since=now)
