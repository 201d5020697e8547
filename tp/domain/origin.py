"""Where a batch came from, told so that equal origins are seen and none can be traced back.

The hash is keyed by a secret of the tenant: whoever is given hashes cannot try all addresses, and cannot compare
them with those of another institution.
"""

from __future__ import annotations

import hashlib

DIGEST_BYTES = 8
MAX_AGENT = 512


def origin_hash(salt: str, kind: str, value: str) -> str:
    """Return the hash of an address or a user agent; `kind` keeps the two apart."""
    told = value[:MAX_AGENT].encode(errors="replace")
    person = kind.encode()[:16]
    return hashlib.blake2b(told, digest_size=DIGEST_BYTES, key=salt.encode()[:64], person=person).hexdigest()
