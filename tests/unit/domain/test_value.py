from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tp.domain.marking import Rule
from tp.domain.test import Schedule
from tp.domain.value import marks_of, utc


@pytest.mark.parametrize(
    ("written", "value"),
    [
        (4, Fraction(4)),
        ("4", Fraction(4)),
        ("-1/3", Fraction(-1, 3)),
        (" +0.25 ", Fraction(1, 4)),
        ("2/4", Fraction(1, 2)),
    ],
)
def test_marks_are_read_exactly(written: object, value: Fraction) -> None:
    assert marks_of(written) == value
    assert Rule.model_validate({"correct": written}).correct == value


@pytest.mark.parametrize(
    "written", [0.5, True, None, "", "1/0", "1/000000000000", "٣", "1e3", "0.5/2", "nan", "1" * 10 + ".5", [1]]
)
def test_anything_else_is_no_marks(written: object) -> None:
    with pytest.raises(ValueError):
        marks_of(written)
    with pytest.raises(ValidationError):
        Rule.model_validate({"correct": written})


def test_what_people_write_is_bounded_and_what_was_stored_is_not() -> None:
    long = Fraction(1, 10**200 + 1)
    with pytest.raises(ValueError):
        marks_of(str(long))
    assert Rule.model_validate_json(Rule(correct=long).model_dump_json()).correct == long


@given(st.fractions())
def test_marks_survive_storage(marks: Fraction) -> None:
    rule = Rule(correct=marks)
    assert Rule.model_validate_json(rule.model_dump_json()) == rule


def test_instants_are_kept_in_utc() -> None:
    india = timezone(timedelta(hours=5, minutes=30))
    noon = datetime(2025, 4, 2, 12, tzinfo=india)
    opens_at = Schedule(opens_at=noon).opens_at
    assert opens_at == utc(noon) == datetime(2025, 4, 2, 6, 30, tzinfo=UTC)
    assert opens_at is not None
    assert opens_at.tzinfo is UTC
    with pytest.raises(ValidationError):
        Schedule(opens_at=datetime(2025, 4, 2, 12))
