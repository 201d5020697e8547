"""Answer keys: staff only, and students once the gate is open."""

from __future__ import annotations

from typing import Any

import graphene

from schema.access import AUTHENTICATED
from schema.guarded import Guarded, computed, listed
from schema.scalars import Marks
from tp.domain.question import ChoiceKey, MatrixKey, NumericKey, OrderKey, TextKey


class Weight(Guarded):
    class Meta:
        access = AUTHENTICATED

    option_id = graphene.ID(required=True)
    fraction = Marks(required=True)


class NumericAnswer(Guarded):
    """An inclusive range."""

    class Meta:
        access = AUTHENTICATED

    low = graphene.String(required=True)
    high = graphene.String(required=True)
    fraction = Marks(required=True)


class TextAnswer(Guarded):
    class Meta:
        access = AUTHENTICATED

    text = graphene.String(required=True)
    fraction = Marks(required=True)


class RowColumns(Guarded):
    """The columns of one row: of a key, or of a response."""

    class Meta:
        access = AUTHENTICATED

    row_id = graphene.ID(required=True)
    column_ids = listed(graphene.ID)


class QuestionKey(Guarded):
    """What is right; only the fields of the question's type are set."""

    class Meta:
        access = AUTHENTICATED

    correct = computed(graphene.List(graphene.NonNull(graphene.ID)), lambda key, _: of(key, ChoiceKey, "correct"))
    weights = computed(
        graphene.List(graphene.NonNull(Weight)),
        lambda key, _: (
            [Weight(option_id=id, fraction=f) for id, f in key.weights.items()]
            if isinstance(key, ChoiceKey)
            else None
        ),
    )
    order = computed(graphene.List(graphene.NonNull(graphene.ID)), lambda key, _: of(key, OrderKey, "order"))
    numbers = computed(
        graphene.List(graphene.NonNull(NumericAnswer)), lambda key, _: of(key, NumericKey, "answers")
    )
    texts = computed(graphene.List(graphene.NonNull(TextAnswer)), lambda key, _: of(key, TextKey, "answers"))
    case_sensitive = computed(graphene.Boolean, lambda key, _: of(key, TextKey, "case_sensitive"))
    rows = computed(
        graphene.List(graphene.NonNull(RowColumns)),
        lambda key, _: row_columns(key.rows) if isinstance(key, MatrixKey) else None,
    )


def of(key: Any, kind: type, name: str) -> Any:
    """Return an attribute of a key of one kind, `None` for keys of others."""
    return getattr(key, name) if isinstance(key, kind) else None


def row_columns(rows: dict[str, tuple[str, ...]]) -> list[RowColumns]:
    return [RowColumns(row_id=row, column_ids=columns) for row, columns in rows.items()]


class WeightInput(graphene.InputObjectType):
    ref = graphene.String(required=True)
    fraction = Marks(required=True)


class NumericAnswerInput(graphene.InputObjectType):
    """An inclusive range of decimals, as text; `low` alone is a point."""

    low = graphene.String(required=True)
    high = graphene.String()
    fraction = Marks()


class TextAnswerInput(graphene.InputObjectType):
    """`*` stands for any characters."""

    text = graphene.String(required=True)
    fraction = Marks()


class RowKeyInput(graphene.InputObjectType):
    ref = graphene.String(required=True)
    columns = graphene.List(graphene.NonNull(graphene.String), required=True)


class KeyInput(graphene.InputObjectType):
    """What is right. In `createQuestions`, options, rows and columns go by their `ref`; in `correctAnswerKey`, by
    their ids. `correct` and `weights` serve choices, `order` ORDER, `numbers` NUMERIC, `texts` TEXT, `rows`
    MATRIX_MATCH; an ESSAY needs none."""

    correct = graphene.List(graphene.NonNull(graphene.String))
    weights = graphene.List(graphene.NonNull(WeightInput))
    order = graphene.List(graphene.NonNull(graphene.String))
    numbers = graphene.List(graphene.NonNull(NumericAnswerInput))
    texts = graphene.List(graphene.NonNull(TextAnswerInput))
    case_sensitive = graphene.Boolean()
    rows = graphene.List(graphene.NonNull(RowKeyInput))
