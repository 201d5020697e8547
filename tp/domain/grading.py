"""Grading: responses against an answer key, in exact rational marks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from fractions import Fraction

from tp.domain.marking import Rule, Scheme
from tp.domain.matching import share
from tp.domain.paper import AnswerKey, DropPolicy, KeyEntry, Paper, PaperQuestion, PaperSection
from tp.domain.question import QuestionType
from tp.domain.response import Response
from tp.domain.value import Frozen, Marks

ZERO = Fraction(0)


class Outcome(StrEnum):
    CORRECT = "CORRECT"
    PARTIAL = "PARTIAL"
    WRONG = "WRONG"
    UNANSWERED = "UNANSWERED"
    DROPPED = "DROPPED"
    PENDING = "PENDING"
    """Answered, and waiting for somebody to grade it by hand."""


class Graded(Frozen):
    """What one question earned; `marks` are `None` while it waits to be graded by hand.

    `counted` is false where "answer any n" leaves the question out; it then earns zero marks.
    """

    marks: Marks | None = None
    outcome: Outcome
    counted: bool = True


class Sum(Frozen):
    """Marks and counts over some questions. The counts are of counted questions, one outcome each; pending
    ones add nothing to `marks` yet."""

    marks: Marks
    maximum: Marks
    correct: int = 0
    partial: int = 0
    wrong: int = 0
    unanswered: int = 0
    dropped: int = 0
    pending: int = 0


class Score(Frozen):
    """An attempt graded: by question id, by section id, and in total. A negative total stays negative."""

    key_version: int
    questions: dict[str, Graded]
    sections: dict[str, Sum]
    total: Sum


def effective_rule(scheme: Scheme, type_: QuestionType, *, own: Rule | None, marks: Fraction | None) -> Rule:
    """Return the rule for one question: its own or the scheme's, scaled so that a right answer earns `marks`.

    Everything scales in proportion (GATE: 1, −1/3 becomes 2, −2/3). A rule whose right answer earns nothing
    has no proportion to keep: only `correct` changes.
    """
    rule = own or scheme.rules.get(type_, scheme.default)
    if marks is None or marks == rule.correct:
        return rule
    factor = marks / rule.correct if rule.correct else Fraction(1)
    return rule.model_copy(
        update={
            "correct": marks,
            "wrong": rule.wrong * factor,
            "unanswered": rule.unanswered * factor,
            "per_option": rule.per_option * factor,
        }
    )


def grade(
    question: PaperQuestion, entry: KeyEntry, response: Response | None, *, awarded: Fraction | None = None
) -> Graded:
    """Grade one question by its effective rule. `awarded` are the marks given by hand to an essay."""
    rule = question.rule
    answered = is_answered(response)
    if entry.dropped is not None:
        full = entry.dropped is DropPolicy.ALL or (entry.dropped is DropPolicy.ATTEMPTED and answered)
        return Graded(marks=rule.correct if full else ZERO, outcome=Outcome.DROPPED)
    if response is None or not answered:
        return Graded(marks=rule.unanswered, outcome=Outcome.UNANSWERED)
    if question.content.type is QuestionType.ESSAY:
        return _by_hand(rule, awarded)
    deserved = share(question.content.type, entry.key, rule, response)
    if deserved == 1:
        return Graded(marks=rule.correct, outcome=Outcome.CORRECT)
    if deserved == 0:
        return Graded(marks=rule.wrong, outcome=Outcome.WRONG)
    return Graded(marks=rule.correct * deserved, outcome=Outcome.PARTIAL)


def is_answered(response: Response | None) -> bool:
    """Tell whether a response says anything."""
    return response is not None and bool(response.options or response.text or response.matrix)


def _by_hand(rule: Rule, awarded: Fraction | None) -> Graded:
    if awarded is None:
        return Graded(marks=None, outcome=Outcome.PENDING)
    if awarded >= rule.correct:
        return Graded(marks=awarded, outcome=Outcome.CORRECT)
    return Graded(marks=awarded, outcome=Outcome.PARTIAL if awarded > 0 else Outcome.WRONG)


def grade_paper(
    paper: Paper,
    key: AnswerKey,
    responses: Mapping[str, Response],
    *,
    awarded: Mapping[str, Fraction] | None = None,
) -> Score:
    """Grade an attempt. `paper` is the paper as published, not as shuffled for the student; `responses` and
    `awarded` (marks given by hand) go by question id.

    Raises KeyError when the key lacks a question of the paper.
    """
    by_hand = awarded or {}
    questions: dict[str, Graded] = {}
    sections: dict[str, Sum] = {}
    for section in paper.sections:
        counted = _counted(section, key, responses)
        for question in section.questions:
            id_ = question.id
            graded = grade(question, key.entries[id_], responses.get(id_), awarded=by_hand.get(id_))
            if counted is not None and id_ not in counted:
                graded = Graded(marks=ZERO, outcome=graded.outcome, counted=False)
            questions[id_] = graded
        sections[section.id] = _sum(
            (questions[question.id] for question in section.questions), _maximum(section, key)
        )
    return Score(key_version=key.version, questions=questions, sections=sections, total=_total(sections.values()))


def _counted(section: PaperSection, key: AnswerKey, responses: Mapping[str, Response]) -> frozenset[str] | None:
    """Return the ids that count in an "answer any n" section; `None` where all do.

    The first n answered count. Places left over go to unanswered questions, those dropped with full marks to
    all first, so that at most n earn marks. A question dropped with marks to none is out of the reckoning.
    """
    if section.answer_any is None:
        return None
    ids = [question.id for question in section.questions]
    standing = [id_ for id_ in ids if key.entries[id_].dropped is not DropPolicy.NONE]
    answered = [id_ for id_ in standing if is_answered(responses.get(id_))]
    blank = [id_ for id_ in standing if not is_answered(responses.get(id_))]
    blank.sort(key=lambda id_: key.entries[id_].dropped is not DropPolicy.ALL)
    out = [id_ for id_ in ids if key.entries[id_].dropped is DropPolicy.NONE]
    return frozenset([*(answered + blank)[: section.answer_any], *out])


def _maximum(section: PaperSection, key: AnswerKey) -> Fraction:
    """What a perfect attempt earns; a question dropped with marks to none adds nothing. Where any n may be
    answered all have equal marks: publishing sees to it."""
    full = [q.rule.correct for q in section.questions if key.entries[q.id].dropped is not DropPolicy.NONE]
    return _exact_sum(full[: section.answer_any])


def _sum(graded: Iterable[Graded], maximum: Fraction) -> Sum:
    marks: list[Fraction] = []
    counts = dict.fromkeys(Outcome, 0)
    for one in graded:
        if one.counted:
            counts[one.outcome] += 1
            if one.marks:
                marks.append(one.marks)
    return Sum(
        marks=_exact_sum(marks), maximum=maximum, **{outcome.lower(): count for outcome, count in counts.items()}
    )


def _exact_sum(marks: Iterable[Fraction]) -> Fraction:
    """Return what marks sum up to. They share a few denominators: reduced to lowest terms is one sum for each."""
    by_denominator: dict[int, int] = {}
    for each in marks:
        by_denominator[each.denominator] = by_denominator.get(each.denominator, 0) + each.numerator
    return sum((Fraction(sum_, denominator) for denominator, sum_ in by_denominator.items()), ZERO)


def _total(sections: Iterable[Sum]) -> Sum:
    parts = list(sections)
    return Sum(
        marks=sum((part.marks for part in parts), ZERO),
        maximum=sum((part.maximum for part in parts), ZERO),
        **{outcome.lower(): sum(getattr(part, outcome.lower()) for part in parts) for outcome in Outcome},
    )
