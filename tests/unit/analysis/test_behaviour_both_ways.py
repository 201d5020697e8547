"""The fold over one log and the frames over a cohort tell the same of the same log."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.frames import ATTEMPTS, EVENTS, QUESTIONS, RESPONSES, Cohort
from analysis.reports.conduct import conduct
from tests.unit.domain.domain_values import NOON, on_paper, paper_of
from tp.domain.attempt import Pause
from tp.domain.behaviour import Behaviour, behaviour
from tp.domain.events import QUESTION_EVENTS, Batch, Event, EventType
from tp.domain.response import Response

IDS = ("q1", "q2", "q3")
PAPER = paper_of([on_paper(id) for id in IDS])
Log = list[Batch]


@st.composite
def events(draw: st.DrawFn) -> Event:
    """An event at any time within two hours: clocks jump, and a BLUR may go without its FOCUS."""
    type = draw(st.sampled_from(EventType))
    return Event(
        type=type,
        at=draw(st.integers(0, 7_200_000)),
        question_id=draw(st.sampled_from(IDS)) if type in QUESTION_EVENTS else None,
        response=Response(options=(draw(st.sampled_from("abc")),)) if type is EventType.ANSWER else None,
    )


@st.composite
def logs(draw: st.DrawFn) -> Log:
    """Batches in the order of their numbers, some of which never arrived; received whenever."""
    seqs = sorted(draw(st.sets(st.integers(1, 6), max_size=4)))
    return [
        Batch(
            seq=seq,
            events=tuple(draw(st.lists(events(), max_size=6))),
            received_at=NOON + timedelta(milliseconds=draw(st.integers(-5_000, 7_200_000))),
            digest="",
        )
        for seq in seqs
    ]


@st.composite
def pauses(draw: st.DrawFn) -> Pause:
    """A pause from before the start to after the end, open or not; it may be over before it began."""
    began, lasted = draw(st.integers(-600_000, 7_400_000)), draw(st.none() | st.integers(-1, 900_000))
    return Pause(
        began_at=NOON + timedelta(milliseconds=began),
        ended_at=None if lasted is None else NOON + timedelta(milliseconds=began + lasted),
    )


@st.composite
def sittings(draw: st.DrawFn) -> tuple[Log, list[Pause]]:
    return draw(logs()), draw(st.lists(pauses(), max_size=3))


def cohort_of(sittings: list[tuple[Log, list[Pause]]], ended_ms: int) -> Cohort:
    """Return a cohort of one attempt for each log."""
    rows = [
        {
            "attempt": f"a{n}",
            "seq": batch.seq,
            "place": place,
            "type": event.type.value,
            "at": event.at,
            "question": event.question_id,
            "response": None if event.response is None else "|".join(event.response.options or ()),
            "received_at": batch.received_at,
        }
        for n, (log, _) in enumerate(sittings)
        for batch in log
        for place, event in enumerate(batch.events)
    ]
    heads = [
        {
            "attempt": f"a{n}",
            "started_at": NOON,
            "submitted_at": NOON + timedelta(milliseconds=ended_ms),
            "pauses": [pause.model_dump() for pause in stood],
        }
        for n, (_, stood) in enumerate(sittings)
    ]
    questions = [{"question": id, "type": "SINGLE_CHOICE", "key": ["a"], "maximum": 4.0} for id in IDS]
    return Cohort(
        pl.DataFrame(questions, schema=QUESTIONS),
        pl.DataFrame(heads, schema=ATTEMPTS),
        pl.DataFrame(schema=RESPONSES),
        pl.DataFrame(rows, schema=EVENTS),
    )


def by_frames(cohort: Cohort, attempt: str) -> dict[str, tuple[int, ...]]:
    rows = conduct(cohort, chunk=7).rows.filter(pl.col("attempt") == attempt)
    columns = ("dwell", "idle", "visits", "returns", "changes")
    return {row["question"]: tuple(row[name] for name in columns) for row in rows.to_dicts()}


def by_fold(told: Behaviour) -> dict[str, tuple[int, ...]]:
    return {one.question_id: (one.time, one.idle, one.visits, one.returns, one.changes) for one in told.questions}


@settings(max_examples=25)
@given(st.lists(sittings(), min_size=1, max_size=4), st.integers(0, 7_300_000))
def test_fold_and_frames_agree(sat: list[tuple[Log, list[Pause]]], ended_ms: int) -> None:
    cohort = cohort_of(sat, ended_ms)
    wholes = {row["attempt"]: row for row in conduct(cohort).attempts.to_dicts()}
    for n, (log, stood) in enumerate(sat):
        told = behaviour(PAPER, log, NOON, NOON + timedelta(milliseconds=ended_ms), stood)
        nothing = dict.fromkeys(IDS, (0, 0, 0, 0, 0))
        assert nothing | by_frames(cohort, f"a{n}") == by_fold(told)
        if f"a{n}" in wholes:
            whole = wholes[f"a{n}"]
            assert (whole["away"], whole["blurs"], whole["flagged"]) == (
                told.away,
                told.focus_lost,
                told.clocks_disagreed,
            )
