"""The results of a test as rows of a sheet: a line of headings, then a line for each attempt.

Marks are exact, as text: `-1/3`. Every other text is somebody's own, and a spreadsheet takes what begins like a
formula for one: it is escaped (https://owasp.org/www-community/attacks/CSV_Injection).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from tp.domain.attempt import Attempt
from tp.domain.grading import Score
from tp.domain.paper import Paper
from tp.domain.value import Marks

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
ABOUT = ("Login", "External id", "Name", "Attempt", "State", "Started", "Submitted", "Closed by")
TOTALS = ("Key version", "Marks", "Maximum", "Correct", "Partial", "Wrong", "Unanswered", "Dropped", "Pending")


def heading(paper: Paper) -> list[str]:
    """Return the headings: about the attempt, its totals, its sections, its questions by number."""
    sections = [plain(section.title) for section in paper.sections]
    questions = [f"Q{question.number}" for section in paper.sections for question in section.questions]
    return [*ABOUT, *TOTALS, *sections, *questions]


def row(paper: Paper, attempt: Attempt, score: Score | None, who: Sequence[str]) -> list[str]:
    """Return the row of one attempt; `who` are login, external id and name. What there is not is left empty."""
    about = [*map(plain, who), str(attempt.number), attempt.state.value]
    about += [_instant(attempt.started_at), _instant(attempt.submitted_at), attempt.closed_by or ""]
    if score is None:
        return about + [""] * (len(heading(paper)) - len(about))
    total = score.total
    counts = (total.correct, total.partial, total.wrong, total.unanswered, total.dropped, total.pending)
    totals = [str(score.key_version), str(total.marks), str(total.maximum), *map(str, counts)]
    sections = [str(score.sections[section.id].marks) for section in paper.sections]
    graded = [score.questions[question.id] for section in paper.sections for question in section.questions]
    return [*about, *totals, *sections, *(_marks(one.marks) for one in graded)]


def plain(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula, without characters that a workbook cannot hold."""
    text = CONTROL.sub("", text)
    return f"'{text}" if text.startswith(FORMULA) else text


def _marks(marks: Marks | None) -> str:
    return "" if marks is None else str(marks)


def _instant(at: datetime | None) -> str:
    return "" if at is None else at.isoformat().replace("+00:00", "Z")
