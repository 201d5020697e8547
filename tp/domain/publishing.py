"""Publishing: everything that must hold before a test is frozen, told at once, and the freezing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count

from tp.domain.accommodation import check_accommodation
from tp.domain.authoring import check_content, check_key, check_reachable, check_rule
from tp.domain.languages import check_languages
from tp.domain.marking import Rule
from tp.domain.paper import AnswerKey, KeyEntry, Paper, PaperQuestion, PaperSection
from tp.domain.placing import Path, Questions, key_of, placements, rule_of
from tp.domain.problem import Code, Problem
from tp.domain.question import NumericKey, Passage, Question
from tp.domain.test import Schedule, Section, Test
from tp.domain.totals import check_totals

MAX_DURATION = 7 * 24 * 60 * 60
MAX_GRACE = 60 * 60
MAX_ATTEMPTS = 100


def check_publishable(test: Test, questions: Questions, passages: Mapping[str, Passage]) -> list[Problem]:
    """Return everything that is wrong, each at its place in the test; an empty list: it can be published.

    `passages` go by id. A place inside a question goes on through it:
    `("sections", 0, "questions", 3, "options", 1, "id")`.
    """
    return [
        *_check_settings(test),
        *_check_window(test),
        *_check_sections(test),
        *_check_questions(test, questions, passages),
        *check_languages(test, questions, passages),
        *check_totals(test, questions),
    ]


def freeze(test: Test, questions: Questions, passages: Mapping[str, Passage]) -> tuple[Paper, AnswerKey]:
    """Return the paper, its version one above the last, and the first key, of a test that can be published.

    Raises KeyError or ValueError when it cannot.
    """
    numbers = count(1)
    paper = Paper(
        test_id=test.id,
        version=(test.paper_version or 0) + 1,
        title=test.title,
        instructions=test.instructions,
        sections=tuple(_frozen(test, section, questions, numbers) for section in test.sections),
        passages=tuple(passages[id_] for id_ in _passages_used(test, questions)),
    )
    entries = {
        placement.question_id: _entry(questions[placement.question_id, placement.version])
        for _, _, placement in placements(test)
    }
    return paper, AnswerKey(test_id=test.id, version=(test.key_version or 0) + 1, entries=entries)


def _frozen(test: Test, section: Section, questions: Questions, numbers: Iterator[int]) -> PaperSection:
    placed = [(placement, questions[placement.question_id, placement.version]) for placement in section.questions]
    return PaperSection(
        id=section.id,
        title=section.title,
        subject=section.subject,
        answer_any=section.answer_any,
        questions=tuple(
            PaperQuestion(
                id=question.id,
                version=question.version,
                number=next(numbers),
                content=question.content,
                passage_id=question.passage_id,
                rule=rule_of(test, section, placement, question),
            )
            for placement, question in placed
        ),
    )


def _entry(question: Question) -> KeyEntry:
    key = key_of(question)
    if key is None:
        raise ValueError("a question without a key cannot be published")
    return KeyEntry(key=key)


def _passages_used(test: Test, questions: Questions) -> list[str]:
    """Return the ids of the passages, each once, in the order of the paper."""
    ids = (questions[placement.question_id, placement.version].passage_id for _, _, placement in placements(test))
    return list(dict.fromkeys(id_ for id_ in ids if id_ is not None))


def _check_settings(test: Test) -> list[Problem]:
    problems: list[Problem] = []
    if not test.title.strip():
        problems.append(Problem(Code.REQUIRED, ("title",), "give the test a title"))
    for name, value, least, most in (
        ("durationSeconds", test.duration_seconds, 1, MAX_DURATION),
        ("graceSeconds", test.grace_seconds, 0, MAX_GRACE),
        ("attemptsAllowed", test.attempts_allowed, 1, MAX_ATTEMPTS),
    ):
        if not least <= value <= most:
            problems.append(Problem(Code.INVALID, (name,), f"must be between {least} and {most}"))
    return problems + check_accommodation(test.accommodation, ("accommodation",))


def check_schedule(schedule: Schedule) -> list[Problem]:
    """Return what is wrong with a window by itself."""
    opens_at, closes_at = schedule.opens_at, schedule.closes_at
    if opens_at is None or closes_at is None or opens_at < closes_at:
        return []
    return [Problem(Code.INVALID, ("schedule", "closesAt"), "the window closes before it opens")]


def _check_window(test: Test) -> list[Problem]:
    opens_at, closes_at = test.schedule.opens_at, test.schedule.closes_at
    problems = check_schedule(test.schedule)
    if problems or opens_at is None or closes_at is None:
        return problems
    window = (closes_at - opens_at).total_seconds()
    if window < test.duration_seconds:
        return [
            Problem(
                Code.WINDOW_TOO_SHORT,
                ("schedule", "closesAt"),
                f"the window is {window:g} seconds long, the test {test.duration_seconds}",
            )
        ]
    return []


def _check_sections(test: Test) -> list[Problem]:
    if not test.sections:
        return [Problem(Code.NO_QUESTIONS, ("sections",), "the test has no sections")]
    problems: list[Problem] = []
    seen: set[str] = set()
    for index, section in enumerate(test.sections):
        path = ("sections", index)
        if section.id in seen:
            problems.append(Problem(Code.INVALID, (*path, "id"), "two sections have the same id"))
        seen.add(section.id)
        if not section.questions:
            problems.append(Problem(Code.NO_QUESTIONS, (*path, "questions"), "the section has no questions"))
        elif section.answer_any is not None and not 1 <= section.answer_any <= len(section.questions):
            problems.append(
                Problem(Code.INVALID, (*path, "answerAny"), f"must be between 1 and {len(section.questions)}")
            )
    return problems


def _check_questions(test: Test, questions: Questions, passages: Mapping[str, Passage]) -> list[Problem]:
    problems: list[Problem] = []
    seen: set[str] = set()
    for path, section, placement in placements(test):
        if placement.question_id in seen:
            problems.append(Problem(Code.DUPLICATE_QUESTION, path, "the question is in the test already"))
        seen.add(placement.question_id)
        if placement.marks is not None and placement.marks < 0:
            problems.append(Problem(Code.INVALID, (*path, "marks"), "marks cannot be negative"))
        question = questions.get((placement.question_id, placement.version))
        if question is None:
            problems.append(Problem(Code.NOT_FOUND, path, "there is no such question, or no such version of it"))
            continue
        if question.passage_id is not None and question.passage_id not in passages:
            problems.append(Problem(Code.NOT_FOUND, (*path, "passage"), "the question's passage does not exist"))
        problems += check_content(question.content, path)
        problems += _check_marking(question, rule_of(test, section, placement, question), path)
    return problems


def _check_marking(question: Question, rule: Rule, path: Path) -> list[Problem]:
    problems = check_rule(rule, (*path, "marking"))
    key = key_of(question)
    if key is None:
        return [*problems, Problem(Code.NO_KEY, path, "the question has no key")]
    mismatches = check_key(question.content, key, (*path, "key"))
    if isinstance(key, NumericKey) and not problems and not mismatches:
        mismatches = check_reachable(key, rule, (*path, "key"))
    return problems + mismatches
