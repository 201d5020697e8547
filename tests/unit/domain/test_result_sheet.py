"""Rows of a results sheet: exact marks, and no text that a spreadsheet would run."""

from __future__ import annotations

from fractions import Fraction

import pytest
from domain_values import NOON, RULE, WRONG, key_of_paper, on_paper, paper_of

from tp.domain.attempt import Attempt, AttemptState, ClosedBy
from tp.domain.grading import grade_paper
from tp.domain.question import QuestionType
from tp.domain.result_sheet import ABOUT, TOTALS, heading, plain, row

THIRD = RULE.model_copy(update={"wrong": Fraction(-1, 3)})
PAPER = paper_of([on_paper("q1", rule=THIRD), on_paper("q2", QuestionType.ESSAY)], [on_paper("q3", rule=THIRD)])
ATTEMPT = Attempt(
    id="att_1",
    test_id="tst_1",
    student_id="usr_1",
    number=1,
    state=AttemptState.GRADED,
    paper_version=1,
    seed=0,
    started_at=NOON,
    submitted_at=NOON,
    closed_by=ClosedBy.DEADLINE,
)


def test_a_row_stands_under_its_headings_with_exact_marks() -> None:
    responses = {"q1": WRONG[QuestionType.SINGLE_CHOICE], "q3": WRONG[QuestionType.SINGLE_CHOICE]}
    score = grade_paper(PAPER, key_of_paper(PAPER), responses)

    headings, cells = heading(PAPER), row(PAPER, ATTEMPT, score, ("asha", "R-1", "Asha"))

    assert headings == [*ABOUT, *TOTALS, "Physics", "Physics", "Q1", "Q2", "Q3"]
    at = "2025-04-02T12:00:00Z"
    assert cells[:8] == ["asha", "R-1", "Asha", "1", "GRADED", at, at, "DEADLINE"]
    assert cells[8:10] == ["1", "-2/3"]
    assert cells[-5:] == ["-1/3", "-1/3", "-1/3", "0", "-1/3"]


def test_what_there_is_not_is_empty() -> None:
    running = ATTEMPT.model_copy(update={"submitted_at": None, "closed_by": None})

    cells = row(PAPER, running, None, ("asha", "", "Asha"))

    assert len(cells) == len(heading(PAPER))
    assert set(cells[6:]) == {""}


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "\x00=1"])
def test_what_begins_like_a_formula_is_a_text(text: str) -> None:
    assert plain(text).startswith("'")


def test_other_texts_stay_as_they_are_but_for_control_characters() -> None:
    assert plain("Āsha = 1") == "Āsha = 1"
    assert plain("a\x07b\x1f") == "ab"
