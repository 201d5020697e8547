"""Correcting an answer key after the test, and what the correction did to a score."""

from __future__ import annotations

from collections.abc import Sequence

from tp.domain.authoring import check_key, check_reachable
from tp.domain.grading import Graded, Score
from tp.domain.paper import AnswerKey, DropPolicy, KeyEntry, Paper
from tp.domain.problem import Code, PathStep, Problem
from tp.domain.question import Key, NumericKey
from tp.domain.value import Frozen, Marks


class Correction(Frozen):
    """What a question's entry becomes: `key` (`None`: as it is), and whether it is dropped (`None`: it counts,
    even when it was dropped before)."""

    question_id: str
    key: Key | None = None
    dropped: DropPolicy | None = None


class Change(Frozen):
    """One question that is graded differently now."""

    question_id: str
    before: Graded
    after: Graded


class ScoreDiff(Frozen):
    """Total marks before and after, and the questions that changed, in the order of the paper."""

    before: Marks
    after: Marks
    changes: tuple[Change, ...]


class ScoreChange(Frozen):
    """One attempt's total before and after."""

    attempt_id: str
    student_id: str
    before: Marks
    after: Marks


def correct_key(
    paper: Paper, key: AnswerKey, corrections: Sequence[Correction], path: tuple[PathStep, ...] = ("corrections",)
) -> AnswerKey | list[Problem]:
    """Return the next version of the key, or everything that is wrong with the corrections."""
    questions = {question.id: question for section in paper.sections for question in section.questions}
    entries = dict(key.entries)
    problems: list[Problem] = []
    seen: set[str] = set()
    if not corrections:
        problems.append(Problem(Code.REQUIRED, path, "there is nothing to correct"))
    for index, correction in enumerate(corrections):
        where = (*path, index)
        question = questions.get(correction.question_id)
        if question is None:
            problems.append(
                Problem(Code.UNKNOWN_QUESTION, (*where, "questionId"), "the paper has no such question")
            )
            continue
        if question.id in seen:
            problems.append(Problem(Code.DUPLICATE_QUESTION, where, "the question is corrected twice"))
        seen.add(question.id)
        if correction.key is not None:
            mismatches = check_key(question.content, correction.key, (*where, "key"))
            if isinstance(correction.key, NumericKey) and not mismatches:
                mismatches = check_reachable(correction.key, question.rule, (*where, "key"))
            problems += mismatches
        entries[question.id] = KeyEntry(key=correction.key or entries[question.id].key, dropped=correction.dropped)
    return problems or AnswerKey(test_id=key.test_id, version=key.version + 1, entries=entries)


def score_diff(before: Score, after: Score) -> ScoreDiff:
    """Compare two scores of one attempt. Raises KeyError when `before` lacks a question of `after`."""
    return ScoreDiff(
        before=before.total.marks,
        after=after.total.marks,
        changes=tuple(
            Change(question_id=id_, before=before.questions[id_], after=graded)
            for id_, graded in after.questions.items()
            if graded != before.questions[id_]
        ),
    )
