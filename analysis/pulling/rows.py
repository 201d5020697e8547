"""From the rows of the test platform's lists to the frames that reports are computed from."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import polars as pl

from analysis.frames import ATTEMPTS, EVENT_TYPES, EVENTS, INSTANT, OUTCOMES, QUESTIONS, RESPONSES, Columns
from tp.contract import TestView

_GRADED = pl.Struct(
    {
        "question": pl.String,
        "outcome": pl.String,
        "response": pl.String,
        "marks": pl.String,
        "counted": pl.Boolean,
    }
)
_ATTEMPT_ROW: Columns = {
    "attempt": pl.String,
    "test": pl.String,
    "student": pl.String,
    "name": pl.String,
    "externalId": pl.String,
    "groups": pl.List(pl.String),
    "number": pl.Int32,
    "startedAt": pl.String,
    "submittedAt": pl.String,
    "closedBy": pl.String,
    "pauses": pl.List(pl.Struct({"beganAt": pl.String, "endedAt": pl.String})),
    "keyVersion": pl.Int32,
    "addresses": pl.List(pl.String),
    "agents": pl.List(pl.String),
    "questions": pl.List(_GRADED),
}
_EVENT_ROW: Columns = {
    "attempt": pl.String,
    "seq": pl.Int32,
    "place": pl.Int32,
    "type": pl.String,
    "at": pl.Int64,
    "question": pl.String,
    "response": pl.String,
    "receivedAt": pl.String,
}


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


def attempt_rows(lines: bytes) -> pl.DataFrame:
    """Return some attempts as they were sent, without what no report reads."""
    return pl.read_ndjson(lines, schema=_ATTEMPT_ROW)


def attempts(rows: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Return the attempts of rows."""
    read = pl.concat(rows) if rows else pl.DataFrame(schema=_ATTEMPT_ROW)
    return read.select(
        "attempt",
        "test",
        "student",
        "name",
        external_id="externalId",
        groups="groups",
        number="number",
        started_at=_instant(pl.col("startedAt")),
        submitted_at=_instant(pl.col("submittedAt")),
        closed_by="closedBy",
        pauses=pl.col("pauses").list.eval(
            pl.struct(
                began_at=_instant(pl.element().struct.field("beganAt")),
                ended_at=_instant(pl.element().struct.field("endedAt")),
            )
        ),
        addresses="addresses",
        agents="agents",
    ).cast(pl.Schema(ATTEMPTS))


def responses(rows: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Return what each question of each attempt earned, from the same rows."""
    if not rows:
        return pl.DataFrame(schema=RESPONSES)
    graded = pl.concat([part.select("attempt", "questions") for part in rows])
    exploded = graded.explode("questions").drop_nulls("questions").unnest("questions")
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


def event_rows(lines: bytes) -> pl.DataFrame:
    """Return some events, narrow: repeated texts as numbers. Types that reports know nothing of are left out."""
    return (
        pl.read_ndjson(lines, schema=_EVENT_ROW)
        .select(
            pl.col("attempt").cast(pl.Categorical),
            "seq",
            "place",
            pl.col("type").cast(EVENT_TYPES, strict=False),
            "at",
            pl.col("question").cast(pl.Categorical),
            pl.col("response").cast(pl.Categorical),
            received_at=_instant(pl.col("receivedAt")),
        )
        .drop_nulls("type")
        .select(list(EVENTS))
    )


def events(rows: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Return the events of rows, in the order in which they were sent: that of the logs, attempt by attempt."""
    return pl.concat(rows, rechunk=False) if rows else pl.DataFrame(schema=EVENTS)


def _instant(text: pl.Expr) -> pl.Expr:
    return text.str.to_datetime("%+", time_unit="us", time_zone="UTC").cast(INSTANT)
