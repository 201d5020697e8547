"""Service tokens: JWTs that say which service asks, what it may do, and for which tenants."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from joserfc import jwt
from joserfc.errors import BadSignatureError, JoseError
from joserfc.jwk import GuestProtocol, OctKey
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from trust.clock import Entropy
from trust.keys import ALGORITHM, KeyRing

ISSUER = "services"
LONGEST_TOKEN = 8_192
JTI_BYTES = 16
REMEMBERED = 1_000
EVERY_TENANT = "*"
SCOPE = re.compile(r"[a-z][a-z_-]*:[a-z]+")


class Reason(StrEnum):
    """Why a token is of no use: for the log. Whoever sent it hears the same of each but the first."""

    EXPIRED = "EXPIRED"
    MALFORMED = "MALFORMED"
    BAD_SIGNATURE = "BAD_SIGNATURE"
    UNKNOWN_KEY = "UNKNOWN_KEY"
    WRONG_ISSUER = "WRONG_ISSUER"
    WRONG_AUDIENCE = "WRONG_AUDIENCE"


class TokenRefused(Exception):
    """The token is none of ours, not for this service, or out of date."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks. `tenants`: those that it may ask for, or `EVERY_TENANT` among them. `id` is the token's own."""

    service: str
    scopes: frozenset[str]
    tenants: frozenset[str]
    expires_at: datetime
    id: str
    issued_at: datetime

    def may(self, scope: str) -> bool:
        return scope in self.scopes

    def covers(self, tenant: str) -> bool:
        return tenant in self.tenants or self.covers_all

    @property
    def covers_all(self) -> bool:
        return EVERY_TENANT in self.tenants

    @property
    def only_tenant(self) -> str | None:
        """The tenant, when it is a single one."""
        return next(iter(self.tenants)) if len(self.tenants) == 1 and not self.covers_all else None


class _Payload(BaseModel):
    """What is signed: RFC 7519's names, RFC 8693's `scope`, and the tenants. Newer claims are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    iss: str
    aud: str
    sub: str = Field(min_length=1, max_length=100)
    scope: str
    tenants: tuple[str, ...] = Field(min_length=1)
    iat: int
    exp: int
    jti: str


class ServiceTokens:
    """Issues and verifies the tokens that one service, the `audience`, is asked with.

    A token once verified is remembered by its SHA-256; whether it is out of date is judged each time.
    """

    def __init__(self, ring: KeyRing, audience: str, random: Entropy, *, remembered: int = REMEMBERED) -> None:
        self._ring = ring
        self._audience = audience
        self._random = random
        self._size = remembered
        self._verified: OrderedDict[bytes, Caller] = OrderedDict()

    def issue(
        self,
        service: str,
        scopes: Collection[str],
        tenants: Collection[str],
        *,
        now: datetime,
        lifetime: timedelta,
    ) -> str:
        """Return a token for `service`. Raises ValueError for no scope or tenant, or a scope of another form."""
        if not scopes or not tenants:
            raise ValueError("a token names at least one scope and one tenant")
        if strange := [scope for scope in scopes if not SCOPE.fullmatch(scope)]:
            raise ValueError(f"not a scope: {', '.join(strange)}")
        issued_at = int(now.timestamp())
        payload = _Payload(
            iss=ISSUER,
            aud=self._audience,
            sub=service,
            scope=" ".join(sorted(set(scopes))),
            tenants=tuple(sorted(set(tenants))),
            iat=issued_at,
            exp=issued_at + int(lifetime.total_seconds()),
            jti=base64.urlsafe_b64encode(self._random(JTI_BYTES)).decode().rstrip("="),
        )
        kid, key = self._ring.signing(now)
        return jwt.encode({"alg": ALGORITHM, "kid": kid}, payload.model_dump(mode="json"), key, [ALGORITHM])

    def verify(self, token: str, *, now: datetime) -> Caller:
        """Return who asks with the token. Raises TokenRefused."""
        caller = self._recall(token)
        if caller.expires_at <= now:
            raise TokenRefused(Reason.EXPIRED)
        return caller

    def _recall(self, token: str) -> Caller:
        if len(token) > LONGEST_TOKEN or not token.isascii():
            raise TokenRefused(Reason.MALFORMED)
        digest = hashlib.sha256(token.encode()).digest()
        caller = self._verified.get(digest)
        if caller is None:
            caller = self._verified[digest] = self._decode(token)
            while len(self._verified) > self._size:
                self._verified.popitem(last=False)
        else:
            self._verified.move_to_end(digest)
        return caller

    def _decode(self, token: str) -> Caller:
        try:
            payload = _Payload.model_validate(jwt.decode(token, self._key, [ALGORITHM]).claims)
        except BadSignatureError:
            raise TokenRefused(Reason.BAD_SIGNATURE) from None
        except (JoseError, ValidationError, ValueError):
            raise TokenRefused(Reason.MALFORMED) from None
        if payload.iss != ISSUER:
            raise TokenRefused(Reason.WRONG_ISSUER)
        if payload.aud != self._audience:
            raise TokenRefused(Reason.WRONG_AUDIENCE)
        return Caller(
            service=payload.sub,
            scopes=frozenset(payload.scope.split()),
            tenants=frozenset(payload.tenants),
            expires_at=datetime.fromtimestamp(payload.exp, UTC),
            id=payload.jti,
            issued_at=datetime.fromtimestamp(payload.iat, UTC),
        )

    def _key(self, token: GuestProtocol) -> OctKey:
        key = self._ring.verifying(token.headers().get("kid"))
        if key is None:
            raise TokenRefused(Reason.UNKNOWN_KEY)
        return key
