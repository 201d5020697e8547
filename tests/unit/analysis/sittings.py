"""Small cohorts, written down answer by answer."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import polars as pl

from analysis.frames import ATTEMPTS, QUESTIONS, RESPONSES, Cohort

Mark = str | int | None


def sitting(
    marks: Sequence[Sequence[Mark]],
    *,
    test: str = "tst_1",
    subjects: Sequence[str] | None = None,
    students: Sequence[str] | None = None,
    numbers: Sequence[int] | None = None,
    groups: Sequence[Sequence[str]] | None = None,
    given: Sequence[Sequence[str | None]] | None = None,
    key: str = "a",
    maximum: float = 1.0,
    dropped: Sequence[int] = (),
    type_: str = "SINGLE_CHOICE",
) -> Cohort:
    """Build one test: `marks[student][question]`, `None` where nobody has graded yet.

    Full marks are right and 0 without an answer in `given` is omitted; the rest is partly right or wrong.
    """
    columns = len(subjects) if subjects else len(marks[0]) if marks else 0
    who = students or [f"usr_{index}" for index in range(len(marks))]
    attempts = [f"att_{test}_{index:04}" for index in range(len(marks))]
    questions = [f"qst_{test}_{index:02}" for index in range(columns)]
    rows = [
        _row(attempts[row], question, mark, given[row][column] if given else None, maximum, column in dropped)
        for row, line in enumerate(marks)
        for column, (question, mark) in enumerate(zip(questions, line, strict=True))
    ]
    return Cohort(
        pl.DataFrame(
            {
                "test": [test] * columns,
                "question": questions,
                "number": range(1, columns + 1),
                "section": list(subjects or ["All"] * columns),
                "subject": list(subjects or ["All"] * columns),
                "topic": [None] * columns,
                "type": [type_] * columns,
                "options": [["a", "b", "c", "d"]] * columns,
                "key": [[key]] * columns,
                "maximum": [maximum] * columns,
                "dropped": [column in dropped for column in range(columns)],
            },
            schema=QUESTIONS,
        ),
        pl.DataFrame(
            [
                {
                    "attempt": attempt,
                    "test": test,
                    "student": who[row],
                    "name": who[row],
                    "groups": list(groups[row]) if groups else [],
                    "number": numbers[row] if numbers else 1,
                }
                for row, attempt in enumerate(attempts)
            ],
            schema=ATTEMPTS,
        ),
        pl.DataFrame(rows, schema=RESPONSES, orient="row"),
        Cohort.empty().events,
    )


def merged(*cohorts: Cohort) -> Cohort:
    """Return the sessions of one examination together."""
    return Cohort(
        pl.concat([each.questions for each in cohorts]),
        pl.concat([each.attempts for each in cohorts]),
        pl.concat([each.responses for each in cohorts]),
        Cohort.empty().events,
    )


def _row(
    attempt: str, question: str, mark: Mark, given: str | None, maximum: float, dropped: bool
) -> tuple[object, ...]:
    value = None if mark is None else Fraction(mark)
    return (
        attempt,
        question,
        _outcome(value, given, maximum, dropped),
        given,
        None if value is None else value.numerator,
        None if value is None else value.denominator,
        None if value is None else float(value),
        True,
    )


def _outcome(value: Fraction | None, given: str | None, maximum: float, dropped: bool) -> str:
    if dropped:
        return "DROPPED"
    if value is None:
        return "PENDING"
    if value == Fraction(maximum):
        return "CORRECT"
    if value == 0 and given is None:
        return "UNANSWERED"
    return "PARTIAL" if value > 0 else "WRONG"
