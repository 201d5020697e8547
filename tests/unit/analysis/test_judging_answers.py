"""An answer on the way is judged as grading judged the same one, and by the key where it never did."""

from __future__ import annotations

import polars as pl
import pytest

from analysis.frames import ATTEMPTS, QUESTIONS, RESPONSES, Cohort
from analysis.reports.judging import graded, judge, keys, worth
from analysis.reports.visits import Names


def cohort(type: str, key: list[str], ended: list[tuple[str, str, str | None, float]] | None = None) -> Cohort:
    """Return a cohort of one question. `ended`: attempt, outcome, response and marks of those who are done."""
    rows = [
        {"attempt": attempt, "question": "q", "outcome": outcome, "response": response, "marks": marks}
        for attempt, outcome, response, marks in ended or []
    ]
    attempts = {row["attempt"]: {"attempt": row["attempt"]} for row in rows}
    return Cohort(
        pl.DataFrame([{"question": "q", "type": type, "key": key, "maximum": 4.0}], schema=QUESTIONS),
        pl.DataFrame(list(attempts.values()), schema=ATTEMPTS),
        pl.DataFrame(rows, schema=RESPONSES),
        Cohort.empty().events,
    )


def judged(of: Cohort, response: str) -> bool | None:
    names = Names.of(of)
    answers = pl.DataFrame({"question": ["q"], "response": [response]}).cast({"question": names.question})
    [right] = judge(answers, graded(of, names), keys(of, names))["right"].to_list()
    assert right is None or isinstance(right, bool)
    return right


@pytest.mark.parametrize(
    ("type", "key", "right", "wrong"),
    [
        ("SINGLE_CHOICE", ["a"], "a", "b"),
        ("SINGLE_CHOICE", ["a", "b"], "b", "c"),
        ("MULTIPLE_CHOICE", ["c", "a"], "a|c", "a"),
        ("ORDER", ["b", "a", "c"], "b|a|c", "a|b|c"),
        ("NUMERIC", ["2.5..3.5"], "3", "4"),
        ("NUMERIC", ["-1.5..-0.5", "7"], "7.0", "1"),
        ("NUMERIC", ["1e-3..2e-3"], "0.0015", "0.15"),
        ("TEXT", ["New Delhi"], " new delhi", "Mumbai"),
    ],
)
def test_the_key_tells_right_from_wrong(type: str, key: list[str], right: str, wrong: str) -> None:
    assert (judged(cohort(type, key), right), judged(cohort(type, key), wrong)) == (True, False)


@pytest.mark.parametrize("type", ["ESSAY", "MATRIX_MATCH"])
def test_what_the_key_cannot_tell_is_neither(type: str) -> None:
    assert judged(cohort(type, []), "x") is None


def test_a_graded_answer_counts_as_it_was_graded() -> None:
    """The scheme rounds what was typed: the range alone would have it wrong."""
    rounded = cohort("NUMERIC", ["24..24"], [("a1", "CORRECT", "24.2", 4.0)])
    assert (judged(rounded, "24.2"), judged(rounded, "24.4")) == (True, False)


def test_an_answer_is_worth_its_maximum_or_the_mean_of_the_wrong_ones() -> None:
    of = cohort("SINGLE_CHOICE", ["a"], [("a1", "WRONG", "b", -1.0), ("a2", "WRONG", "c", 0.0)])
    assert worth(of, Names.of(of)).select("if_right", "if_wrong").rows() == [(4.0, -0.5)]
