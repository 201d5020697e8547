"""Hashes of origins: equal for equal ones of one institution, and for nothing else."""

from __future__ import annotations

from tp.domain.origin import origin_hash


def test_equal_origins_of_an_institution_are_seen_as_equal() -> None:
    assert origin_hash("salt", "address", "192.0.2.7") == origin_hash("salt", "address", "192.0.2.7")


def test_another_value_kind_or_institution_has_another_hash() -> None:
    hashes = {
        origin_hash("salt", "address", "192.0.2.7"),
        origin_hash("salt", "address", "192.0.2.8"),
        origin_hash("salt", "agent", "192.0.2.7"),
        origin_hash("other", "address", "192.0.2.7"),
    }

    assert len(hashes) == 4


def test_whatever_a_client_sends_has_a_hash() -> None:
    assert len(origin_hash("salt", "agent", "\ud800" + "x" * 10_000)) == 16
    assert len(origin_hash("salt", "agent", "")) == 16
