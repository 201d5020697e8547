"""Access codes: credentials that a machine makes and a student types once, such as `K7QX-…`.

A code has 128 random bits, so there is nothing to guess and a plain SHA-256 is enough to keep it: stretching
a hash protects what people choose. That is what lets ten thousand students log in within a minute.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

from tp.clock import Entropy

CODE_BYTES = 16
CODE_LETTERS = 26
"""Base32 letters of 128 bits, without padding."""
GROUP = 4

_READ_AS = str.maketrans({"0": "O", "1": "I", "8": "B"})


def new_code(random: Entropy) -> str:
    """Return a code as it is shown, once: base32 in groups of four, `XXXX-XXXX-XXXX-XXXX-XXXX-XXXX-XX`."""
    letters = base64.b32encode(random(CODE_BYTES)).decode().rstrip("=")
    return "-".join(letters[start : start + GROUP] for start in range(0, CODE_LETTERS, GROUP))


def code_hash(typed: str) -> str:
    """Return what is kept of a code: the SHA-256, in hex, of its letters however they were typed.

    Case, spaces and hyphens do not count, and the digits that base32 lacks are read as the letters they
    resemble (0 O, 1 I, 8 B).
    """
    letters = "".join(typed.split()).replace("-", "").upper().translate(_READ_AS)
    return hashlib.sha256(letters.encode("utf-8", "surrogatepass")).hexdigest()


def same_hash(kept: str | None, typed: str) -> bool:
    """Compare a kept hash with that of a typed code in constant time; `False` when none is kept."""
    return hmac.compare_digest(kept or "", code_hash(typed))
