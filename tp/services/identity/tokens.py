"""Bearer tokens: JWTs that say which principal of which tenant asks, until when."""

from __future__ import annotations

import base64
import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from joserfc import jwt
from joserfc.errors import BadSignatureError, JoseError
from joserfc.jwk import GuestProtocol, OctKey
from pydantic import BaseModel, ConfigDict, ValidationError

from tenants.roles import Role
from tenants.scope import Principal
from tp.clock import Entropy
from tp.services.identity.errors import Reason, Unauthenticated
from trust.keys import ALGORITHM, KeyRing

ISSUER = "test-platform"
LONGEST_TOKEN = 4_096
JTI_BYTES = 16
REMEMBERED = 50_000
"""Verified tokens kept in the process: some 500 bytes each."""


class _Payload(BaseModel):
    """What is signed: RFC 7519's names, and the tenant's slug and the roles.

    Claims that a newer version may add are left aside, so that its tokens are good here while it is rolled out.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    iss: str
    tenant: str
    sub: str
    roles: tuple[Role, ...]
    iat: int
    exp: int
    jti: str


@dataclass(frozen=True, slots=True)
class Claims:
    """What a verified token says. `id` is the token's own (`jti`)."""

    tenant: str
    principal: Principal
    issued_at: datetime
    expires_at: datetime
    id: str


@dataclass(frozen=True, slots=True)
class Issued:
    token: str
    claims: Claims


class Tokens:
    """Issues and verifies. A token once issued or verified here is remembered by its SHA-256."""

    def __init__(
        self, ring: KeyRing, random: Entropy, *, issuer: str = ISSUER, remembered: int = REMEMBERED
    ) -> None:
        self._ring = ring
        self._random = random
        self._issuer = issuer
        self._size = remembered
        self._verified: OrderedDict[bytes, Claims] = OrderedDict()
        self.hits = 0
        self.misses = 0

    def issue(self, tenant: str, principal: Principal, *, now: datetime, lifetime: timedelta) -> Issued:
        """Return a token for a principal of the tenant with this slug. Times are kept to the second."""
        issued_at = int(now.timestamp())
        payload = _Payload(
            iss=self._issuer,
            tenant=tenant,
            sub=principal.id,
            roles=tuple(sorted(principal.roles)),
            iat=issued_at,
            exp=issued_at + int(lifetime.total_seconds()),
            jti=base64.urlsafe_b64encode(self._random(JTI_BYTES)).decode().rstrip("="),
        )
        kid, key = self._ring.signing(now)
        token = jwt.encode({"alg": ALGORITHM, "kid": kid}, payload.model_dump(mode="json"), key, [ALGORITHM])
        claims = _claims(payload)
        self._remember(_digest(token), claims)
        return Issued(token, claims)

    def verify(self, token: str, *, now: datetime, tenant: str | None = None) -> Claims:
        """Return what the token says; with `tenant`, a slug, only when it was issued for that one.

        Raises Unauthenticated with the reason.
        """
        claims = self._recall(token)
        if claims.expires_at <= now:
            raise Unauthenticated(Reason.EXPIRED)
        if tenant is not None and claims.tenant != tenant:
            raise Unauthenticated(Reason.WRONG_TENANT)
        return claims

    def _recall(self, token: str) -> Claims:
        if len(token) > LONGEST_TOKEN or not token.isascii():
            raise Unauthenticated(Reason.MALFORMED)
        digest = _digest(token)
        claims = self._verified.get(digest)
        if claims is None:
            self.misses += 1
            claims = self._decode(token)
            self._remember(digest, claims)
        else:
            self.hits += 1
            self._verified.move_to_end(digest)
        return claims

    def _remember(self, digest: bytes, claims: Claims) -> None:
        self._verified[digest] = claims
        while len(self._verified) > self._size:
            self._verified.popitem(last=False)

    def _decode(self, token: str) -> Claims:
        try:
            payload = _Payload.model_validate(jwt.decode(token, self._key, [ALGORITHM]).claims)
        except BadSignatureError:
            raise Unauthenticated(Reason.BAD_SIGNATURE) from None
        except (JoseError, ValidationError, ValueError):
            raise Unauthenticated(Reason.MALFORMED) from None
        if payload.iss != self._issuer:
            raise Unauthenticated(Reason.WRONG_ISSUER)
        return _claims(payload)

    def _key(self, token: GuestProtocol) -> OctKey:
        key = self._ring.verifying(token.headers().get("kid"))
        if key is None:
            raise Unauthenticated(Reason.UNKNOWN_KEY)
        return key


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _claims(payload: _Payload) -> Claims:
    return Claims(
        tenant=payload.tenant,
        principal=Principal(payload.sub, frozenset(payload.roles)),
        issued_at=datetime.fromtimestamp(payload.iat, UTC),
        expires_at=datetime.fromtimestamp(payload.exp, UTC),
        id=payload.jti,
    )
