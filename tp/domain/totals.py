"""What the questions of a test add up to."""

from __future__ import annotations

from fractions import Fraction

from tp.domain.placing import Questions, rule_of
from tp.domain.problem import Code, Problem
from tp.domain.test import Test


def check_totals(test: Test, questions: Questions) -> list[Problem]:
    """Compare the sum of marks with the declared total; "answer any n" counts n times the equal marks."""
    problems: list[Problem] = []
    total = Fraction(0)
    known = True
    for index, section in enumerate(test.sections):
        marks = []
        for placement in section.questions:
            question = questions.get((placement.question_id, placement.version))
            if question is None:
                known = False
            else:
                marks.append(rule_of(test, section, placement, question).correct)
        if section.answer_any is None:
            total += sum(marks)
        elif len(set(marks)) > 1:
            problems.append(
                Problem(
                    Code.INVALID,
                    ("sections", index, "answerAny"),
                    "questions of which any may be answered need equal marks",
                )
            )
            known = False
        else:
            total += sum(marks[: section.answer_any])
    if known and test.declared_total is not None and total != test.declared_total:
        problems.append(
            Problem(
                Code.TOTAL_MISMATCH,
                ("declaredTotal",),
                f"the questions add up to {total} marks, the declared total is {test.declared_total}",
            )
        )
    return problems
