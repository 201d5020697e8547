"""Short ways to write the domain's values in its tests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from tp.domain.events import Batch, Event, EventType
from tp.domain.marking import Rule, Scheme
from tp.domain.paper import AnswerKey, DropPolicy, KeyEntry, Paper, PaperQuestion, PaperSection
from tp.domain.presets import PLAIN
from tp.domain.problem import Code, PathStep, Problem
from tp.domain.question import (
    ChoiceKey,
    Content,
    EssayKey,
    Key,
    MatrixKey,
    NumericAnswer,
    NumericKey,
    Option,
    OrderKey,
    Question,
    QuestionType,
    TextAnswer,
    TextKey,
)
from tp.domain.response import Response
from tp.domain.test import Placement, Section, Test

NOON = datetime(2025, 4, 2, 12, tzinfo=UTC)

SINGLE, MULTIPLE, NUMERIC, TEXT, MATRIX, ORDER, ESSAY = QuestionType

RULE = Rule(correct=Fraction(4), wrong=Fraction(-1))


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def options(ids: Iterable[str]) -> tuple[Option, ...]:
    return tuple(Option(id=id_, text={"en": f"option {id_}"}) for id_ in ids)


def content(type_: QuestionType, ids: str = "abcd") -> Content:
    text = {"en": "What is it?"}
    if type_ in (SINGLE, MULTIPLE, ORDER):
        return Content(type=type_, text=text, options=options(ids))
    if type_ is MATRIX:
        return Content(type=type_, text=text, rows=options("rst"), columns=options(ids))
    return Content(type=type_, text=text)


KEYS: dict[QuestionType, Key] = {
    SINGLE: ChoiceKey(correct=("a",)),
    MULTIPLE: ChoiceKey(correct=("a", "b")),
    NUMERIC: NumericKey(answers=(NumericAnswer(low="3", high="3"),)),
    TEXT: TextKey(answers=(TextAnswer(text="Paris"),)),
    MATRIX: MatrixKey(rows={"r": ("a",), "s": ("b", "c"), "t": ("d",)}),
    ORDER: OrderKey(order=("b", "a", "d", "c")),
    ESSAY: EssayKey(),
}
"""A key for each type that fits `content` of it."""

RIGHT: dict[QuestionType, Response] = {
    SINGLE: Response(options=("a",)),
    MULTIPLE: Response(options=("a", "b")),
    NUMERIC: Response(text="3"),
    TEXT: Response(text="Paris"),
    MATRIX: Response(matrix={"r": ("a",), "s": ("b", "c"), "t": ("d",)}),
    ORDER: Response(options=("b", "a", "d", "c")),
}
WRONG: dict[QuestionType, Response] = {
    SINGLE: Response(options=("b",)),
    MULTIPLE: Response(options=("c",)),
    NUMERIC: Response(text="4"),
    TEXT: Response(text="Rome"),
    MATRIX: Response(matrix={"r": ("b",)}),
    ORDER: Response(options=("a", "b", "c", "d")),
}


def chosen(ids: str) -> Response:
    return Response(options=tuple(ids))


def typed(text: str) -> Response:
    return Response(text=text)


def on_paper(
    id_: str = "q1", type_: QuestionType = SINGLE, rule: Rule = RULE, passage: str | None = None, ids: str = "abcd"
) -> PaperQuestion:
    return PaperQuestion(id=id_, version=1, number=1, content=content(type_, ids), passage_id=passage, rule=rule)


def paper_of(*sections: Sequence[PaperQuestion], answer_any: int | None = None) -> Paper:
    number = 0
    made = []
    for index, questions in enumerate(sections):
        numbered = []
        for question in questions:
            number += 1
            numbered.append(question.model_copy(update={"number": number}))
        made.append(
            PaperSection(id=f"s{index + 1}", title="Physics", answer_any=answer_any, questions=tuple(numbered))
        )
    return Paper(test_id="tst_1", version=1, title="Mock", sections=tuple(made))


def key_of_paper(paper: Paper, dropped: dict[str, DropPolicy] | None = None) -> AnswerKey:
    return AnswerKey(
        test_id=paper.test_id,
        version=1,
        entries={
            question.id: KeyEntry(key=KEYS[question.content.type], dropped=(dropped or {}).get(question.id))
            for section in paper.sections
            for question in section.questions
        },
    )


def event(type_: str, question_id: str | None = None, response: Response | None = None, at: int = 0) -> Event:
    return Event(type=EventType(type_), at=at, question_id=question_id, response=response)


def batch(seq: int, *events: Event) -> Batch:
    return Batch(seq=seq, events=events, received_at=after(seq), digest=f"digest {seq}")


def question(id_: str = "q1", type_: QuestionType = SINGLE, **fields: object) -> Question:
    return Question.model_validate(
        {"id": id_, "version": 1, "content": content(type_), "key": KEYS[type_], **fields}
    )


def draft_of(*sections: Sequence[str], scheme: Scheme = PLAIN, **fields: object) -> Test:
    """A draft with the questions of these ids in each section."""
    return Test.model_validate(
        {
            "id": "tst_1",
            "title": "Mock",
            "owner_id": "usr_1",
            "sections": tuple(
                Section(
                    id=f"s{index + 1}",
                    title="Physics",
                    questions=tuple(Placement(question_id=id_) for id_ in ids),
                )
                for index, ids in enumerate(sections)
            ),
            "duration_seconds": 3600,
            "scheme": scheme,
            "created_at": NOON,
            "updated_at": NOON,
            **fields,
        }
    )


def told(problems: object) -> list[tuple[Code, tuple[PathStep, ...]]]:
    """Code and path of each problem; fails when there is a value instead of problems."""
    assert isinstance(problems, list), problems
    assert all(isinstance(problem, Problem) and problem.message for problem in problems)
    return [(problem.code, problem.path) for problem in problems]
