"""From events to visits: how long each question was in front of a student, and how long nothing was.

The definitions, which `tp.domain.behaviour` states for a single log as well:

- *Clock*. Events count in the server's order (seq, place). An event happens no later than its batch was received
  and no earlier than the event before it; where the client's clock says otherwise by more than `DRIFT_MS`, the
  server's order wins and the attempt is flagged.
- *Stretch*: the time from an event to the next one, or to the end of the log (submit or deadline, whichever
  closed it), without what of it was in a pause. It belongs to the question of the latest event that named one;
  after a BLUR to nobody (*away*), until any other event; before the first question to nobody (*before*).
- *Dwell* = the sum of a question's stretches, each clipped to the idle cut-off; *idle* = what was clipped off.
- A *visit* begins with a VISIT, and with any other event about a question that is not the current one.
  *Returns* = visits − 1.

Cost: linear in events, in chunks of whole attempts, so that memory does not grow with the cohort's log.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from analysis.frames import Cohort

DRIFT_MS = 60_000
"""Disagreement of the clocks that is put down to the network and to a slow start."""

IDLE_MS = 300_000
CHUNK = 200_000
"""Events that are worked on at a time."""

LAP = 1 << 40
"""Milliseconds between the clocks of two attempts laid end to end: longer than any attempt."""


@dataclass(frozen=True, slots=True)
class Names:
    """The attempts and questions that a report is about, as enums: joins and groups then run on numbers."""

    attempt: pl.Enum
    question: pl.Enum

    @staticmethod
    def of(cohort: Cohort) -> Names:
        return Names(
            pl.Enum(cohort.attempts["attempt"].unique().sort()),
            pl.Enum(cohort.questions["question"].unique(maintain_order=True)),
        )

    def on(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return the frame with its ids as enums, without the rows of attempts that do not count."""
        named = {"attempt": self.attempt, "question": self.question}
        columns = [
            pl.col(name).cast(pl.String).cast(enum, strict=False)
            for name, enum in named.items()
            if name in frame.columns
        ]
        if "response" in frame.columns:
            columns.append(pl.col("response").cast(pl.String))
        return frame.with_columns(columns).filter(pl.col("attempt").is_not_null())


def chunks(parts: Iterable[pl.DataFrame], size: int = CHUNK) -> Iterator[pl.DataFrame]:
    """Yield whole attempts, about `size` events at a time, of parts that are in the order of their attempts."""
    held: list[pl.DataFrame] = []
    for some in (piece for part in parts for piece in part.iter_slices(size)):
        held.append(some)
        if sum(each.height for each in held) < size:
            continue
        events = pl.concat(held)
        others = (events["attempt"] != events["attempt"][-1]).arg_true()
        whole = others[-1] + 1 if others.len() else 0
        held = [events.slice(whole)]
        if whole:
            yield events.head(whole)
    if held:
        yield pl.concat(held)


def ends(attempts: pl.DataFrame) -> pl.DataFrame:
    """Return when each log was closed, in milliseconds since its start; null while that is not known."""
    return attempts.select(
        "attempt", "started_at", closed=(pl.col("submitted_at") - pl.col("started_at")).dt.total_milliseconds()
    ).unique("attempt", keep="first")


def pauses(attempts: pl.DataFrame) -> pl.DataFrame:
    """Return when the clock of each attempt stood: `began`, `ended`, and for how long it had stood `before`, in
    milliseconds; overlapping pauses count once."""
    told = attempts.select("attempt", "started_at", "submitted_at", "pauses").unique("attempt", keep="first")
    told = told.filter(pl.col("pauses").list.len() > 0).explode("pauses").unnest("pauses")
    return (
        told.select(
            "attempt",
            began=(pl.col("began_at") - pl.col("started_at")).dt.total_milliseconds().clip(0),
            ended=(pl.coalesce("ended_at", "submitted_at") - pl.col("started_at"))
            .dt.total_milliseconds()
            .fill_null(LAP),
        )
        .sort("attempt", "began")
        .with_columns(began=pl.max_horizontal("began", pl.col("ended").cum_max().shift(1).over("attempt")))
        .filter(pl.col("ended") > pl.col("began"))
        .with_columns(stood=pl.col("ended") - pl.col("began"))
        .with_columns(before=pl.col("stood").cum_sum().over("attempt") - pl.col("stood"))
        .drop("stood")
    )


def stood(at: pl.DataFrame, pauses: pl.DataFrame) -> pl.Series:
    """Return for how long the clock of `attempt` had stood at the instant `t`, for each row; `t` never falls."""
    if pauses.is_empty():
        return pl.repeat(0, at.height, dtype=pl.Int64, eager=True)
    last = at.select("attempt", "t").join_asof(
        pauses, left_on="t", right_on="began", by="attempt", check_sortedness=False
    )
    inside = pl.min_horizontal("t", "ended") - pl.col("began")
    return last.select((pl.col("before") + inside).fill_null(0)).to_series()


def stretches(
    events: pl.DataFrame, ends: pl.DataFrame, pauses: pl.DataFrame, idle_ms: int = IDLE_MS
) -> pl.DataFrame:
    """Return the events with `t` (the clock as defined above), `on` (the question that the stretch after the event
    belongs to), `stood` (in pauses before), `away`, `opens` (a visit), `stretch`, `dwell`, `idle` and `flagged`;
    times in milliseconds."""
    placed = events.sort("attempt", "seq", "place", maintain_order=True) if not _in_order(events) else events
    lap = pl.col("attempt").to_physical().cast(pl.Int64) * LAP
    first = (pl.col("attempt") != pl.col("attempt").shift(1)).fill_null(True)
    received = (pl.col("received_at") - pl.col("started_at")).dt.total_milliseconds()
    code = pl.col("question").to_physical().cast(pl.Int64)
    window = pl.col("type").is_in(["BLUR", "FOCUS"])
    timed = (
        placed.join(ends, on="attempt", how="left", maintain_order="left")
        .with_columns(
            first=first,
            ahead=(pl.col("at") > received + DRIFT_MS).fill_null(False),
            named=pl.when(~window & code.is_not_null()).then(code).when(first).then(-1),
        )
        .with_columns(
            t=pl.when("ahead").then(received.clip(0)).otherwise(pl.col("at")).add(lap).cum_max().sub(lap),
            on=pl.col("named").forward_fill(),
        )
        .with_columns(
            until=pl.when(pl.col("first").shift(-1).fill_null(True))
            .then(pl.max_horizontal("t", pl.col("closed").fill_null(0)))
            .otherwise(pl.col("t").shift(-1)),
            away=pl.col("type") == "BLUR",
            opens=(pl.col("named") >= 0).fill_null(False)
            & ((pl.col("type") == "VISIT") | pl.col("first") | (pl.col("on") != pl.col("on").shift(1))),
            flagged=pl.col("ahead") | (pl.col("at") < pl.col("t") - DRIFT_MS),
        )
        .drop("received_at", "started_at", "closed", "named", "ahead")
    )
    then = stood(timed.select("attempt", t="until"), pauses)
    return (
        timed.with_columns(stood=stood(timed, pauses))
        .with_columns(stretch=pl.col("until") - then - (pl.col("t") - pl.col("stood")))
        .with_columns(dwell=pl.col("stretch").clip(upper_bound=idle_ms))
        .with_columns(idle=pl.col("stretch") - pl.col("dwell"))
    )


def per_question(stretches: pl.DataFrame, questions: pl.Enum) -> pl.DataFrame:
    """Sum up by attempt and question: `visits`, `dwell`, `idle`, `opened` (the instant of the first visit)."""
    return (
        stretches.filter(pl.col("on") >= 0)
        .group_by("attempt", "on")
        .agg(
            visits=pl.col("opens").sum().cast(pl.Int32),
            dwell=pl.col("dwell").filter(~pl.col("away")).sum(),
            idle=pl.col("idle").filter(~pl.col("away")).sum(),
            opened=pl.col("t").min(),
        )
        .with_columns(question=pl.lit(pl.Series(questions.categories, dtype=questions)).gather(pl.col("on")))
        .drop("on")
    )


def per_attempt(stretches: pl.DataFrame) -> pl.DataFrame:
    """Sum up by attempt: `ended`, `before`, `away`, `blurs`, `flagged`, `gaps` (numbers that never arrived)."""
    started = pl.col("on") >= 0
    return stretches.group_by("attempt").agg(
        ended=pl.col("until").max(),
        before=(pl.col("t") - pl.col("stood")).first()
        + pl.col("stretch").filter(~started & ~pl.col("away")).sum(),
        away=pl.col("stretch").filter("away").sum(),
        blurs=(pl.col("away") & ~(pl.col("away").shift(1) & ~pl.col("first")).fill_null(False))
        .sum()
        .cast(pl.Int32),
        flagged=pl.col("flagged").any(),
        gaps=(pl.col("seq").max() - pl.col("seq").n_unique().cast(pl.Int32)).clip(0),
    )


def _in_order(events: pl.DataFrame) -> bool:
    """Tell whether the events are in the order of (attempt, seq, place), as they should be."""
    attempt = events["attempt"].to_physical().cast(pl.Int64).to_numpy()
    batch = (attempt << 32) + events["seq"].cast(pl.Int64).to_numpy()
    steps = np.diff(batch)
    places = np.diff(events["place"].cast(pl.Int64).to_numpy())
    return bool((steps >= 0).all() and (places[steps == 0] >= 0).all())
