from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trust.keys import KeyRing, SigningKey
from trust.signatures import TOLERANCE, Flaw, SignatureRefused, sign, verify

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
RING = KeyRing([SigningKey(kid="a", secret=b"a" * 32)])
SECOND = timedelta(seconds=1)


def flaw(header: str | None, body: bytes = b"{}", now: datetime = NOW, ring: KeyRing = RING) -> Flaw:
    with pytest.raises(SignatureRefused) as refused:
        verify(ring, header, body, now)
    return refused.value.flaw


@given(st.binary(max_size=2_000))
def test_what_was_signed_is_verified_and_tells_when(body: bytes):
    assert verify(RING, sign(RING, body, NOW), body, NOW + TOLERANCE) == NOW


@given(st.binary(max_size=100), st.binary(max_size=100))
def test_another_body_is_refused(body: bytes, other: bytes):
    if body != other:
        assert flaw(sign(RING, body, NOW), other) is Flaw.WRONG


def test_a_signature_is_bound_to_its_instant():
    header = sign(RING, b"{}", NOW)
    later = header.replace(f"t={int(NOW.timestamp())}", f"t={int(NOW.timestamp()) + 60}")
    assert flaw(later) is Flaw.WRONG


@pytest.mark.parametrize("away", [TOLERANCE + SECOND, -TOLERANCE - SECOND])
def test_what_is_out_of_time_is_refused_on_either_side(away: timedelta):
    assert flaw(sign(RING, b"{}", NOW), now=NOW + away) is Flaw.TOO_OLD


def test_another_key_and_an_unknown_one_are_refused():
    assert flaw(sign(RING, b"{}", NOW), ring=KeyRing([SigningKey(kid="a", secret=b"b" * 32)])) is Flaw.WRONG
    assert flaw(sign(RING, b"{}", NOW), ring=KeyRing([SigningKey(kid="b", secret=b"a" * 32)])) is Flaw.UNKNOWN_KEY


def test_a_new_key_takes_over_while_the_old_one_still_verifies():
    old = SigningKey(kid="old", secret=b"a" * 32)
    both = KeyRing([old, SigningKey(kid="new", secret=b"b" * 32, signs_from=NOW + SECOND)])
    assert "k=old" in sign(both, b"", NOW)
    assert "k=new" in sign(both, b"", NOW + SECOND)
    assert verify(both, sign(KeyRing([old]), b"", NOW), b"", NOW) == NOW


@pytest.mark.parametrize(
    "header", ["", "x", "t=1", "t=,k=a,v1=", "t=1,k=a,v1=zz", "t=٣,k=a,v1=" + "0" * 64, "t=-1,k=a,v1=" + "0" * 64]
)
def test_what_is_no_signature_is_refused(header: str):
    assert flaw(header) is Flaw.MALFORMED


def test_a_missing_signature_is_refused():
    assert flaw(None) is Flaw.MISSING
