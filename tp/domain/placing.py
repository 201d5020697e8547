"""Questions as a test places them: found by id and version, marked by the rule that wins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tp.domain.grading import effective_rule
from tp.domain.marking import Rule
from tp.domain.problem import PathStep
from tp.domain.question import EssayKey, Key, Question, QuestionType
from tp.domain.test import Placement, Section, Test

Questions = Mapping[tuple[str, int | None], Question]
"""(question id, version as placed: `None` for the newest) to the question."""

Path = tuple[PathStep, ...]


def placements(test: Test) -> Iterator[tuple[Path, Section, Placement]]:
    """Yield every placement with its path through the test and its section."""
    for index, section in enumerate(test.sections):
        for place, placement in enumerate(section.questions):
            yield ("sections", index, "questions", place), section, placement


def rule_of(test: Test, section: Section, placement: Placement, question: Question) -> Rule:
    """Return the effective rule: the placement's own, else the question's, else the section's scheme, else the
    test's, scaled to the placement's marks."""
    return effective_rule(
        section.scheme or test.scheme,
        question.content.type,
        own=placement.rule or question.rule,
        marks=placement.marks,
    )


def key_of(question: Question) -> Key | None:
    """An essay needs no key from its author: it is graded by hand."""
    if question.key is None and question.content.type is QuestionType.ESSAY:
        return EssayKey()
    return question.key
