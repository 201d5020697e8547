"""Results through their gates, and the correction of keys."""

from __future__ import annotations

from asyncio import Future
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from resolvers.answers import Payload
from resolvers.context import Context
from resolvers.inputs import Input, Path, accepted_text, given, number, once
from tenants.user import User
from tp.domain.attempt import Attempt
from tp.domain.correction import Correction, ScoreChange
from tp.domain.grading import Graded, Sum
from tp.domain.paper import KeyEntry
from tp.domain.problem import Code
from tp.domain.question import (
    ChoiceKey,
    EssayKey,
    Key,
    MatrixKey,
    NumericKey,
    OrderKey,
    TextKey,
)
from tp.errors import Refused
from tp.services.jobs import JobReport, JobState
from tp.services.results.results import VisibleResult


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """`graded` is `None` behind a shut gate."""

    question_id: str
    graded: Graded | None
    entry: KeyEntry | None


def result(attempt: Attempt, context: Context) -> Future[VisibleResult | None]:
    return context.results.load(attempt)


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
    asked = enumerate(input["corrections"])
    corrections = [_correction(correction, ("corrections", place)) for place, correction in asked]
    rescored = await context.services.correction.correct(
        context.scope, input["test_id"], corrections, input["reason"], context.received_at
    )
    context.left_work()
    task = None if rescored.job is None else JobReport(rescored.job, JobState.WAITING)
    return {"test": rescored.test, "scored": rescored.scored, "changes": rescored.changes, "task": task}


def changed_student(change: ScoreChange, context: Context) -> Future[User | None]:
    return context.users.load(change.student_id)


def _correction(input: Input, path: Path) -> Correction:
    key = input.get("key")
    return Correction(
        question_id=input["question_id"],
        key=None if key is None else _key(key, (*path, "key")),
        dropped=input.get("dropped"),
    )


def _key(input: Input, path: Path) -> Key:
    """Read a key in terms of the paper's own option ids; its kind is that of the field that is given.

    Raises Refused for several, and for an option or row that is named twice.
    """
    named = [name for name in KEYS if input.get(name) is not None]
    if len(named) > 1:
        told = f"a key is given by one of {', '.join(KEYS)}, not by {' and '.join(named)}"
        raise Refused.because(Code.INVALID, path, told)
    return KEYS[named[0]](input, path) if named else EssayKey()


def _choice_key(input: Input, path: Path) -> Key:
    weights: dict[str, Fraction] = {}
    for place, weight in enumerate(input.get("weights") or ()):
        once(weight["ref"], weights, (*path, "weights", place, "ref"), "the option's weight")
        weights[weight["ref"]] = weight["fraction"]
    return ChoiceKey(correct=tuple(input["correct"]), weights=weights)


def _matrix_key(input: Input, path: Path) -> Key:
    rows: dict[str, tuple[str, ...]] = {}
    for place, row in enumerate(input["rows"]):
        once(row["ref"], rows, (*path, "rows", place, "ref"), "the row")
        rows[row["ref"]] = tuple(row["columns"])
    return MatrixKey(rows=rows)


def _numeric_key(input: Input, _: Path) -> Key:
    return NumericKey.model_validate({"answers": [number(one) for one in input["numbers"]]})


def _text_key(input: Input, _: Path) -> Key:
    answers = [accepted_text(text) for text in input["texts"]]
    return TextKey.model_validate({"answers": answers, **given(input, "case_sensitive")})


def _order_key(input: Input, _: Path) -> Key:
    return OrderKey(order=tuple(input["order"]))


KEYS: dict[str, Callable[[Input, Path], Key]] = {
    "correct": _choice_key,
    "order": _order_key,
    "numbers": _numeric_key,
    "texts": _text_key,
    "rows": _matrix_key,
}
