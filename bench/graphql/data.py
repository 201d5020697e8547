"""What is asked for: plain objects, the same for all in Python, and as JSON for those in JavaScript."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

SUBJECTS = ("Physics", "Chemistry", "Mathematics")
CHOICES, NUMBERS = 25, 5
ATTEMPTS = 100
BEGAN = datetime(2026, 1, 24, 9, 30, tzinfo=UTC)
STEM = (
    "A block of mass {number} kg slides without friction down a plane inclined at $30^\\circ$ to the horizontal. "
    "What is its speed after it has covered {number} m from rest? Take $g = 10$ m/s²."
)


class QuestionType(enum.Enum):
    SINGLE_CHOICE = "SINGLE_CHOICE"
    NUMERIC = "NUMERIC"


class AttemptState(enum.Enum):
    SUBMITTED = "SUBMITTED"
    GRADED = "GRADED"


@dataclass(frozen=True, slots=True)
class Choice:
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class MarkingRule:
    correct: str
    wrong: str


@dataclass(frozen=True, slots=True)
class Question:
    id: str
    number: int
    type: QuestionType
    text: str
    passage_id: str | None
    options: Sequence[Choice]
    rows: Sequence[Choice]
    columns: Sequence[Choice]
    marking: MarkingRule


@dataclass(frozen=True, slots=True)
class Section:
    id: str
    title: str
    subject: str | None
    answer_any: int | None
    questions: Sequence[Question]


@dataclass(frozen=True, slots=True)
class Passage:
    id: str
    title: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Paper:
    id: str
    version: int
    title: str
    instructions: str | None
    sections: Sequence[Section]
    passages: Sequence[Passage]


@dataclass(frozen=True, slots=True)
class Student:
    id: str
    name: str
    groups: Sequence[str]


@dataclass(frozen=True, slots=True)
class SectionResult:
    section_id: str
    title: str
    marks: str
    correct: int
    wrong: int
    unanswered: int


@dataclass(frozen=True, slots=True)
class Result:
    marks: str
    maximum: str
    rank: int
    percentile: float
    sections: Sequence[SectionResult]


@dataclass(frozen=True, slots=True)
class Attempt:
    id: str
    number: int
    state: AttemptState
    student: Student
    started_at: datetime
    submitted_at: datetime | None
    result: Result | None
    paper: Paper


@dataclass(frozen=True, slots=True)
class Deadline:
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    seq: int
    acked_seq: int
    server_now: datetime
    deadline: Deadline


@dataclass(frozen=True, slots=True)
class UserError:
    code: str
    path: Sequence[str]
    message: str


@dataclass(frozen=True, slots=True)
class SavePayload:
    acknowledgement: Acknowledgement | None
    user_errors: Sequence[UserError]


def make_paper() -> Paper:
    """Return a paper of 90 questions in three sections."""
    sections = []
    for place, subject in enumerate(SUBJECTS):
        first = place * (CHOICES + NUMBERS) + 1
        questions = [_question(first + each, each < CHOICES) for each in range(CHOICES + NUMBERS)]
        sections.append(Section(f"sec_{place}", f"{subject}, part {place + 1}", subject, None, questions))
    return Paper("tst_1:3", 3, "Entrance examination", "Read all that is asked.", sections, [])


def make_attempts(paper: Paper) -> list[Attempt]:
    """Return a hundred graded attempts at a paper."""
    return [_attempt(number, paper) for number in range(1, ATTEMPTS + 1)]


def save(seq: int) -> SavePayload:
    """Return the acknowledgement of a batch."""
    deadline = Deadline(BEGAN + timedelta(hours=3), "DURATION")
    return SavePayload(Acknowledgement(seq, seq, BEGAN + timedelta(seconds=30 * seq), deadline), [])


def _question(number: int, choice: bool) -> Question:
    options = [Choice(f"opt_{number}_{place}", f"${number + place}$ m/s") for place in range(4 if choice else 0)]
    return Question(
        f"qst_{number:06}",
        number,
        QuestionType.SINGLE_CHOICE if choice else QuestionType.NUMERIC,
        STEM.format(number=number),
        None,
        options,
        [],
        [],
        MarkingRule("4", "-1" if choice else "0"),
    )


def _attempt(number: int, paper: Paper) -> Attempt:
    began = BEGAN + timedelta(seconds=number)
    sections = [
        SectionResult(section.id, section.title, str(number + place), 10 + place, 5, 15 - place)
        for place, section in enumerate(paper.sections)
    ]
    result = Result(str(3 * number), "360", number, 100 - number / 2, sections)
    student = Student(f"usr_{number:06}", f"Student {number}", ["12-A"])
    return Attempt(f"att_{number:06}", 1, AttemptState.GRADED, student, began, None, result, paper)
