"""A test as its author sees it: sections of placed questions, a schedule, a scheme, gates for results."""

from __future__ import annotations

from enum import StrEnum

from tp.domain.accommodation import Accommodation
from tp.domain.marking import Rule, Scheme
from tp.domain.value import Frozen, Instant, Marks


class TestState(StrEnum):
    DRAFT = "DRAFT"
    PUBLISHED = "PUBLISHED"
    CLOSED = "CLOSED"
    ARCHIVED = "ARCHIVED"


class Placement(Frozen):
    """A question's place in a test: which version (`None`: the newest at publishing), and its own marking.

    `rule` replaces the section's rule; `marks` scales the effective rule so that a right answer earns them.
    """

    question_id: str
    version: int | None = None
    rule: Rule | None = None
    marks: Marks | None = None


class Section(Frozen):
    """A subject, often with a scheme of its own. `answer_any`: only the first n answered count."""

    id: str
    title: str
    subject: str | None = None
    scheme: Scheme | None = None
    answer_any: int | None = None
    questions: tuple[Placement, ...] = ()


class Schedule(Frozen):
    """The window in which attempts may start; both ends or either may be open."""

    opens_at: Instant | None = None
    closes_at: Instant | None = None


class Gates(Frozen):
    """What students see of their results, each its own switch."""

    score: bool = False
    responses: bool = False
    key: bool = False


class Test(Frozen):
    id: str
    title: str
    state: TestState = TestState.DRAFT
    owner_id: str
    instructions: str | None = None
    sections: tuple[Section, ...] = ()
    schedule: Schedule = Schedule()
    duration_seconds: int
    grace_seconds: int = 30
    scheme: Scheme
    declared_total: Marks | None = None
    shuffle_questions: bool = False
    shuffle_options: bool = False
    attempts_allowed: int = 1
    accommodation: Accommodation = Accommodation()
    gates: Gates = Gates()
    paper_version: int | None = None
    key_version: int | None = None
    created_at: Instant
    updated_at: Instant
    published_at: Instant | None = None
    closed_at: Instant | None = None
    released_at: Instant | None = None
