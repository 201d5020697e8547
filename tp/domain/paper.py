"""The frozen, student-safe snapshot of a published test, and the answer key that is versioned apart from it."""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property

from tp.domain.marking import Rule
from tp.domain.question import Content, Key, Passage
from tp.domain.value import Frozen, Indexed


class PaperQuestion(Frozen):
    """`number` runs through the whole paper from 1; `rule` is the effective one."""

    id: str
    version: int
    number: int
    content: Content
    passage_id: str | None = None
    rule: Rule


class PaperSection(Frozen):
    id: str
    title: str
    subject: str | None = None
    answer_any: int | None = None
    questions: tuple[PaperQuestion, ...]


class Paper(Indexed):
    test_id: str
    version: int
    title: str
    instructions: str | None = None
    sections: tuple[PaperSection, ...]
    passages: tuple[Passage, ...] = ()

    @cached_property
    def by_id(self) -> dict[str, PaperQuestion]:
        """Its questions by their ids."""
        return {question.id: question for section in self.sections for question in section.questions}

    @cached_property
    def worked_out(self) -> dict[str, object]:
        """What modules have worked out of it, by their names."""
        return {}


class ArrangedPaper(Paper):
    """The paper in an order of its own, that of one attempt."""


class DropPolicy(StrEnum):
    """Who gets full marks for a question dropped after the test."""

    ALL = "ALL"
    ATTEMPTED = "ATTEMPTED"
    NONE = "NONE"


class KeyEntry(Frozen):
    key: Key
    dropped: DropPolicy | None = None


class AnswerKey(Frozen):
    """Question id to its key. A correction makes a new version; versions are never changed."""

    test_id: str
    version: int
    entries: dict[str, KeyEntry]
