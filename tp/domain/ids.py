"""Opaque, prefixed ids. Keys are random or hashed, never monotonic, so that writes spread over the store."""

from __future__ import annotations

import base64
import hashlib

TEST, QUESTION, PASSAGE, ATTEMPT, USER, SECTION, JOB, REPORT = (
    "tst",
    "qst",
    "psg",
    "att",
    "usr",
    "sec",
    "tsk",
    "rpt",
)
TAIL = 16
"""Characters after the prefix of a random id: 80 bits."""


def new_id(prefix: str, random: bytes) -> str:
    """Return `prefix_…` from at least ten random bytes."""
    return f"{prefix}_{_base32(random[:10])}"


def attempt_id(test_id: str, student_id: str, number: int) -> str:
    """Return the one id that a student's n-th attempt at a test can have.

    A hash, so that two taps insert the same key; the hash comes first, so that the attempts of one test are
    spread over the key space; the test's own tail comes last, so that a test is found without a read.
    """
    digest = hashlib.sha256(f"{test_id}\0{student_id}\0{number}".encode()).digest()
    return f"{ATTEMPT}_{_base32(digest[:10])}{test_id.removeprefix(TEST + '_')}"


def test_of(attempt_id: str) -> str | None:
    """Return the id of the test that an attempt id belongs to; `None` when it has not the form of one."""
    prefix, _, rest = attempt_id.partition("_")
    if prefix != ATTEMPT or len(rest) != 2 * TAIL or not rest.isalnum() or not rest.isascii():
        return None
    return f"{TEST}_{rest[TAIL:]}"


def _base32(raw: bytes) -> str:
    return base64.b32encode(raw).decode().rstrip("=").lower()
