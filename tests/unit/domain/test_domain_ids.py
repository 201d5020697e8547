"""Ids: prefixed, random or hashed, and a test found in the ids of its attempts."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tp.domain.ids import ATTEMPT, QUESTION, TAIL, TEST, attempt_id, new_id
from tp.domain.ids import test_of as belongs_to

BYTES = st.binary(min_size=10, max_size=32)
STUDENTS = st.text(max_size=40)
FORM = re.compile(r"[a-z]{3}_[a-z2-7]{16}")


@given(BYTES)
def test_a_new_id_is_its_prefix_and_eighty_bits(random: bytes) -> None:
    id = new_id(QUESTION, random)

    assert FORM.fullmatch(id)
    assert id.startswith("qst_")
    assert id == new_id(QUESTION, random[:10])


@given(BYTES, BYTES)
def test_other_bytes_make_another_id(one: bytes, other: bytes) -> None:
    assert (new_id(TEST, one) == new_id(TEST, other)) == (one[:10] == other[:10])


@given(BYTES, STUDENTS, st.integers(1, 100))
def test_the_same_student_test_and_number_have_one_id(random: bytes, student: str, number: int) -> None:
    test = new_id(TEST, random)

    id = attempt_id(test, student, number)

    assert id == attempt_id(test, student, number)
    assert re.fullmatch(r"att_[a-z2-7]{32}", id)
    assert belongs_to(id) == test


@given(BYTES, st.lists(st.tuples(STUDENTS, st.integers(1, 100)), min_size=2, unique=True))
def test_other_students_and_numbers_have_other_ids(random: bytes, sittings: list[tuple[str, int]]) -> None:
    test = new_id(TEST, random)

    assert len({attempt_id(test, student, number) for student, number in sittings}) == len(sittings)


def test_a_student_and_a_number_are_not_run_together() -> None:
    test = new_id(TEST, bytes(10))

    assert attempt_id(test, "usr_1", 11) != attempt_id(test, "usr_11", 1)


def test_attempts_of_one_test_are_spread_over_the_keys() -> None:
    test = new_id(TEST, bytes(10))

    starts = {attempt_id(test, f"usr_{n}", 1)[len("att_") :][:2] for n in range(200)}

    assert len(starts) > 100


@pytest.mark.parametrize(
    "id",
    [
        "",
        "att",
        "att_",
        "att_" + "a" * (2 * TAIL - 1),
        "att_" + "a" * (2 * TAIL + 1),
        "tst_" + "a" * 2 * TAIL,
        "ATT_" + "a" * 2 * TAIL,
        "att_" + "é" * 2 * TAIL,
        "att_" + "a" * (2 * TAIL - 1) + ":",
        "att_" + "a" * (2 * TAIL - 1) + "\n",
        " att_" + "a" * 2 * TAIL,
    ],
)
def test_what_has_not_the_form_of_an_attempts_id_belongs_to_no_test(id: str) -> None:
    assert belongs_to(id) is None


@given(st.text())
def test_no_text_at_all_is_more_than_no_test(text: str) -> None:
    found = belongs_to(f"{ATTEMPT}_{text}")

    assert found is None or len(found) == len("tst_") + TAIL
