"""Opaque cursors that continue only the query that gave them."""

from __future__ import annotations

import base64
import binascii
import hashlib

from store.errors import BadCursor
from store.plan import Plan

_FINGERPRINT_BYTES = 6


def fingerprint(plan: Plan) -> bytes:
    """Return what tells queries apart, their limit and `keys_only` aside."""
    shape = (plan.kind.name, plan.equal, plan.sort, plan.at_least, plan.below, plan.descending)
    return hashlib.blake2b(repr(shape).encode(), digest_size=_FINGERPRINT_BYTES).digest()


def seal(mark: bytes, position: bytes) -> str:
    """Return the cursor of a position in the query whose fingerprint is `mark`."""
    return base64.urlsafe_b64encode(mark + position).decode().rstrip("=")


def unseal(mark: bytes, cursor: str) -> bytes:
    """Return the position. Raises BadCursor when the cursor is broken or of another query."""
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise BadCursor("not a cursor") from None
    if raw[:_FINGERPRINT_BYTES] != mark:
        raise BadCursor("a cursor of another query")
    return raw[_FINGERPRINT_BYTES:]
