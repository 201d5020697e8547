"""Results through their gates, and the correction of keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from resolvers.answers import Payload
from resolvers.context import Context
from resolvers.inputs import Input, given
from tenants.user import User
from tp.domain.attempt import Attempt
from tp.domain.correction import Correction, ScoreChange
from tp.domain.grading import Graded, Sum
from tp.domain.paper import KeyEntry
from tp.domain.question import (
    ChoiceKey,
    EssayKey,
    Key,
    MatrixKey,
    NumericKey,
    OrderKey,
    TextKey,
)
from tp.services.jobs import JobReport, JobState
from tp.services.results.results import VisibleResult


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """`graded` is `None` behind a shut gate."""

    question_id: str
    graded: Graded | None
    entry: KeyEntry | None


async def result(attempt: Attempt, context: Context) -> VisibleResult | None:
    return await context.results.load(attempt)


def total(visible: VisibleResult, _: Context) -> Sum | None:
    return visible.result.score.total if visible.gates.score else None


def sections(visible: VisibleResult, _: Context) -> list[tuple[str, Sum]] | None:
    return list(visible.result.score.sections.items()) if visible.gates.score else None


async def questions(visible: VisibleResult, context: Context) -> list[QuestionResult]:
    key = await context.services.results.answer_key(context.scope, visible)
    return [
        QuestionResult(
            id, graded if visible.gates.score else None, key.entries.get(id) if key is not None else None
        )
        for id, graded in visible.result.score.questions.items()
    ]


async def correct_answer_key(context: Context, input: Mapping[str, Any]) -> Payload:
    corrections = [_correction(asked) for asked in input["corrections"]]
    rescored = await context.services.correction.correct(
        context.scope, input["test_id"], corrections, input["reason"], context.received_at
    )
    context.left_work()
    task = None if rescored.job is None else JobReport(rescored.job, JobState.WAITING)
    return {"test": rescored.test, "scored": rescored.scored, "changes": rescored.changes, "task": task}


async def changed_student(change: ScoreChange, context: Context) -> User | None:
    return await context.users.load(change.student_id)


def _correction(input: Input) -> Correction:
    return Correction(
        question_id=input["question_id"],
        key=_key(input["key"]) if input.get("key") is not None else None,
        dropped=input.get("dropped"),
    )


def _key(input: Input) -> Key:
    """Read a key in terms of the paper's own option ids; its kind is that of the field that is given."""
    kinds: dict[str, Any] = {
        "correct": lambda: ChoiceKey(
            correct=tuple(input["correct"]),
            weights={weight["ref"]: weight["fraction"] for weight in input.get("weights") or ()},
        ),
        "order": lambda: OrderKey(order=tuple(input["order"])),
        "numbers": lambda: NumericKey.model_validate(
            {"answers": [{**number, "high": number.get("high") or number["low"]} for number in input["numbers"]]}
        ),
        "texts": lambda: TextKey.model_validate(
            {"answers": [dict(text) for text in input["texts"]], **given(input, "case_sensitive")}
        ),
        "rows": lambda: MatrixKey(rows={row["ref"]: tuple(row["columns"]) for row in input["rows"]}),
    }
    for field, make in kinds.items():
        if input.get(field):
            made: Key = make()
            return made
    return EssayKey()
