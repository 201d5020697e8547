"""Opaque, prefixed ids. Keys are random or hashed, never monotonic, so that writes spread over the store."""

from __future__ import annotations

import base64
import hashlib

TEST, QUESTION, PASSAGE, ATTEMPT, USER, SECTION, JOB, REPORT, NOTICE = (
    "tst",
    "qst",
    "psg",
    "att",
    "usr",
    "sec",
    "tsk",
    "rpt",
    "ntc",
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


def notice_id(test_id: str, number: int) -> str:
    """Return the id of a test's n-th notice."""
    return f"{NOTICE}_{test_id.removeprefix(TEST + '_')}{number:06d}"


def notice_number(test_id: str, notice_id: str | None) -> int:
    """Return the number of a test's notice, 0 for what is the id of none."""
    head, number = (notice_id or "")[:-6], (notice_id or "")[-6:]
    known = head == f"{NOTICE}_{test_id.removeprefix(TEST + '_')}" and number.isascii() and number.isdigit()
    return int(number) if known else 0


def _base32(raw: bytes) -> str:
    return base64.b32encode(raw).decode().rstrip("=").lower()
