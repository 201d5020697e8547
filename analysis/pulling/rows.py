"""From the rows of the test platform's lists to the frames that reports are computed from."""

from __future__ import annotations

from fractions import Fraction

import polars as pl

from analysis.frames import ATTEMPTS, EVENT_TYPES, EVENTS, OUTCOMES, QUESTIONS, RESPONSES
from tp.contract import TestView

_WHO = ("attempt", "test", "student", "name", "groups", "number", "addresses", "agents")


def questions(test: TestView) -> pl.DataFrame:
    """Return the questions of a test, in the order of its paper."""
    rows = [
        {
            "test": test.id,
            "question": question.id,
            "number": question.number,
            "section": section.title,
            "subject": section.subject or question.tags.subject or section.title,
            "topic": question.tags.topic,
            "type": question.type,
            "options": [option.id for option in question.options],
            "key": list(question.key),
            "maximum": float(Fraction(question.maximum)),
            "dropped": question.dropped is not None,
        }
        for section in test.sections
        for question in section.questions
    ]
    return pl.DataFrame(rows, schema=QUESTIONS)


def attempts(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the attempts of rows, without what no report reads."""
    renamed = {"external_id": "externalId", "started_at": "startedAt", "submitted_at": "submittedAt"}
    stood = pl.col("pauses").list.eval(
        pl.struct(began_at=pl.element().struct["beganAt"], ended_at=pl.element().struct["endedAt"])
    )
    read = rows.select(*_WHO, **renamed, closed_by="closedBy", pauses=stood)
    return read.select(list(ATTEMPTS)).cast(pl.Schema(ATTEMPTS))


def responses(rows: pl.DataFrame) -> pl.DataFrame:
    """Return what each question of each attempt earned, from the same rows."""
    exploded = rows.select("attempt", "questions").explode("questions").drop_nulls("questions").unnest("questions")
    exact = pl.col("marks").str.splitn("/", 2)
    numerator = exact.struct.field("field_0").cast(pl.Int64)
    denominator = (
        pl.when(pl.col("marks").is_not_null())
        .then(exact.struct.field("field_1").cast(pl.Int64).fill_null(1))
        .otherwise(None)
    )
    return exploded.select(
        "attempt",
        "question",
        pl.col("outcome").cast(OUTCOMES),
        "response",
        marks_numerator=numerator,
        marks_denominator=denominator,
        marks=numerator / denominator,
        counted="counted",
    ).cast(pl.Schema(RESPONSES))


def events(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the events of rows. Types that reports know nothing of are left out."""
    typed = rows.rename({"receivedAt": "received_at"}).with_columns(pl.col("type").cast(EVENT_TYPES, strict=False))
    return typed.drop_nulls("type").select(list(EVENTS)).cast(pl.Schema(EVENTS))
