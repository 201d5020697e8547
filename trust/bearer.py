"""Who asks, by the header of an HTTP request: a service token, as RFC 6750 sends it."""

from __future__ import annotations

from datetime import datetime

from trust.service_tokens import Caller, Reason, ServiceTokens, TokenRefused


class NotAuthenticated(Exception):
    """No token (`reason` is `None`), or one that is of no use."""

    def __init__(self, reason: Reason | None = None) -> None:
        self.reason = reason
        told = "the token has expired" if self.expired else "send a service token: Authorization: Bearer …"
        super().__init__(told)

    @property
    def expired(self) -> bool:
        """A new one would do."""
        return self.reason is Reason.EXPIRED


class Forbidden(Exception):
    """The token is sound and lacks `scope`."""

    def __init__(self, scope: str) -> None:
        super().__init__(f"the token lacks the scope {scope}")
        self.scope = scope


def caller_of(authorization: str, tokens: ServiceTokens, now: datetime) -> Caller:
    """Return who asks, by the value of `Authorization`, empty without one. Raises NotAuthenticated."""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise NotAuthenticated
    try:
        return tokens.verify(token.strip(), now=now)
    except TokenRefused as refused:
        raise NotAuthenticated(refused.reason) from None
