"""Signed messages between services: HMAC-SHA256 over an instant and a body, such as of a webhook.

The header `Signature: t=1764075600,k=<kid>,v1=<hex>` tells when it was signed, with which key of the shared ring,
and the HMAC of `<t>.<body>`. Whoever receives it bounds the age of what it takes, and so what can be played again.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from trust.keys import KeyRing

HEADER = "Signature"
TOLERANCE = timedelta(minutes=5)
_PURPOSE = b"trust.signatures.v1"
"""Keeps these HMACs apart from the tokens that the same ring signs."""
_FORM = re.compile(r"t=([0-9]{1,12}),k=([^,]{1,64}),v1=([0-9a-f]{64})", re.ASCII)


class Flaw(StrEnum):
    MISSING = "MISSING"
    MALFORMED = "MALFORMED"
    UNKNOWN_KEY = "UNKNOWN_KEY"
    WRONG = "WRONG"
    TOO_OLD = "TOO_OLD"
    """Or signed in the future: beyond the tolerance on either side."""


class SignatureRefused(Exception):
    """The message is not from whom it says, not as it was sent, or not of now."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw)
        self.flaw = flaw


def sign(ring: KeyRing, body: bytes, now: datetime) -> str:
    """Return the header's value for a message that is sent now."""
    kid, key = ring.signing(now)
    at = int(now.timestamp())
    return f"t={at},k={kid},v1={_hmac(key.raw_value, at, body)}"


def verify(
    ring: KeyRing, header: str | None, body: bytes, now: datetime, tolerance: timedelta = TOLERANCE
) -> datetime:
    """Return when the message was signed. Raises SignatureRefused."""
    if header is None:
        raise SignatureRefused(Flaw.MISSING)
    match = _FORM.fullmatch(header)
    if match is None:
        raise SignatureRefused(Flaw.MALFORMED)
    at, kid, signature = int(match[1]), match[2], match[3]
    key = ring.verifying(kid)
    if key is None:
        raise SignatureRefused(Flaw.UNKNOWN_KEY)
    if not hmac.compare_digest(_hmac(key.raw_value, at, body), signature):
        raise SignatureRefused(Flaw.WRONG)
    if abs(now.timestamp() - at) > tolerance.total_seconds():
        raise SignatureRefused(Flaw.TOO_OLD)
    return datetime.fromtimestamp(at, UTC)


def _hmac(secret: bytes, at: int, body: bytes) -> str:
    key = hmac.digest(secret, _PURPOSE, hashlib.sha256)
    return hmac.digest(key, f"{at}.".encode() + body, hashlib.sha256).hex()
