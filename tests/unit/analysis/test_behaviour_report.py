"""The behaviour report brings out what was planted, and holds its definitions on small logs told by hand."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest

from analysis.frames import ATTEMPTS, EVENTS, QUESTIONS, RESPONSES, Cohort
from analysis.reports.behaviour import behaviour, by_attempt
from analysis.reports.conduct import Conduct, conduct
from analysis.reports.rapid import marked, thresholds
from analysis.reports.visits import chunks
from tests.unit.analysis.cohorts import Plan, planted

START = datetime(2025, 4, 2, 9, tzinfo=UTC)
Told = tuple[str, int, str | None, str | None]
KEYS = {"q1": ["a"], "q2": ["b", "c"], "q3": ["2.5..3.5"]}
PAUSES = ((10, START + timedelta(seconds=20)), (15, START + timedelta(seconds=25)), (80, None))
TYPES = {"q1": "SINGLE_CHOICE", "q2": "MULTIPLE_CHOICE", "q3": "NUMERIC"}


def one_log(*events: Told, ended: int = 100, seqs: tuple[int, ...] = (), late: int = 0) -> Cohort:
    """Return a cohort of one attempt. An event: type, second, question, response; received `late` seconds
    after."""
    rows = [
        {
            "attempt": "a1",
            "seq": seqs[place] if seqs else 1,
            "place": place,
            "type": type,
            "at": second * 1000,
            "question": question,
            "response": response,
            "received_at": START + timedelta(seconds=second + late),
        }
        for place, (type, second, question, response) in enumerate(events)
    ]
    questions = [
        {
            "question": id,
            "number": n,
            "section": "S",
            "subject": "S",
            "type": TYPES[id],
            "key": key,
            "maximum": 4.0,
        }
        for n, (id, key) in enumerate(KEYS.items(), 1)
    ]
    head = {"attempt": "a1", "started_at": START, "submitted_at": START + timedelta(seconds=ended)}
    return Cohort(
        pl.DataFrame(questions, schema=QUESTIONS),
        pl.DataFrame([head], schema=ATTEMPTS),
        pl.DataFrame(schema=RESPONSES),
        pl.DataFrame(rows, schema=EVENTS),
    )


def row(conduct: Conduct, question: str) -> dict[str, Any]:
    [found] = conduct.rows.filter(pl.col("question") == question).to_dicts()
    return found


def test_a_visit_ends_at_the_next_one_at_a_blur_and_at_the_end_of_the_log() -> None:
    told = conduct(
        one_log(
            ("VISIT", 5, "q1", None),
            ("VISIT", 15, "q2", None),
            ("BLUR", 20, None, None),
            ("FOCUS", 50, None, None),
            ("VISIT", 60, "q1", None),
        )
    )
    one, two, [whole] = row(told, "q1"), row(told, "q2"), told.attempts.to_dicts()
    assert (one["dwell"], one["visits"], one["returns"]) == (50_000, 2, 1)
    assert (two["dwell"], two["visits"], two["returns"]) == (15_000, 1, 0)
    assert (whole["before"], whole["away"], whole["blurs"], whole["flagged"]) == (5_000, 30_000, 1, False)


def test_a_blur_without_focus_ends_with_the_next_event() -> None:
    told = conduct(one_log(("VISIT", 0, "q1", None), ("BLUR", 10, None, None), ("MARK", 40, "q1", None)))
    [whole] = told.attempts.to_dicts()
    assert (row(told, "q1")["dwell"], row(told, "q1")["visits"], whole["away"]) == (70_000, 1, 30_000)


def test_idle_beyond_the_cut_off_is_counted_apart() -> None:
    told = row(conduct(one_log(("VISIT", 0, "q1", None), ended=1_000), idle_ms=300_000), "q1")
    assert (told["dwell"], told["idle"]) == (300_000, 700_000)


def test_a_pause_is_part_of_no_question_s_time() -> None:
    cohort = one_log(("VISIT", 0, "q1", None), ("VISIT", 40, "q2", None), ended=100)
    stood = [{"began_at": START + timedelta(seconds=at), "ended_at": end} for at, end in PAUSES]
    attempts = cohort.attempts.with_columns(pauses=pl.Series([stood], dtype=ATTEMPTS["pauses"]))
    told = conduct(Cohort(cohort.questions, attempts, cohort.responses, cohort.events))
    assert (row(told, "q1")["dwell"], row(told, "q2")["dwell"]) == (25_000, 40_000)


def test_changes_are_told_by_the_key_and_by_what_they_brought() -> None:
    told = conduct(
        one_log(
            ("ANSWER", 1, "q1", "a"),
            ("CLEAR", 2, "q1", None),
            ("ANSWER", 3, "q1", "b"),
            ("ANSWER", 4, "q1", "c"),
            ("ANSWER", 5, "q1", "c"),
            ("ANSWER", 6, "q2", "b"),
            ("ANSWER", 7, "q2", "b|c"),
            ("ANSWER", 8, "q3", "2"),
            ("ANSWER", 9, "q3", "3"),
            ("CLEAR", 10, "q3", None),
        )
    )
    one, two, three = (row(told, id) for id in KEYS)
    counts = ("changes", "right_wrong", "wrong_right", "wrong_wrong", "gained")
    assert [one[name] for name in counts] == [2, 1, 0, 1, -4.0]
    assert [two[name] for name in counts] == [1, 0, 1, 0, 4.0]
    assert [three[name] for name in counts] == [1, 0, 1, 0, 4.0]
    assert (one["settled"], three["settled"], three["withdrawn"]) == (5_000, None, True)


@pytest.mark.parametrize(
    ("events", "late", "flagged"),
    [
        ([("VISIT", 10, "q1", None), ("VISIT", 20, "q2", None)], 0, False),
        ([("VISIT", 90, "q1", None), ("VISIT", 20, "q2", None)], 0, True),
        ([("VISIT", 90, "q1", None), ("VISIT", 95, "q2", None)], -80, True),
        ([("VISIT", 10, "q1", None), ("VISIT", 20, "q2", None)], 70, False),
    ],
    ids=["agreeing", "jumps back", "ahead of the server", "arrives late"],
)
def test_an_attempt_whose_clock_disagrees_is_flagged(events: list[Told], late: int, flagged: bool) -> None:
    told = conduct(one_log(*events, late=late))
    assert told.attempts["flagged"].to_list() == [flagged]
    assert (told.rows["dwell"] >= 0).all()


def test_a_gap_in_the_numbers_is_told() -> None:
    told = behaviour(one_log(("VISIT", 1, "q1", None), ("VISIT", 2, "q2", None), seqs=(1, 4)))
    assert (told["flagged"]["gaps"], told["flagged"]["listed"][0]["gaps"]) == (1, 2)


def test_the_slow_subject_takes_the_most_time() -> None:
    plan = Plan()
    subjects = {one["subject"]: one["timeMedian"] for one in behaviour(planted(plan).cohort)["subjects"]}
    slow = subjects.pop(plan.slow_subject)
    assert slow > 1.5 * max(subjects.values())


def test_medians_and_quartiles_are_those_of_the_students() -> None:
    cohort = planted(Plan(students=50)).cohort
    first = behaviour(cohort)["questions"][0]
    dwell = conduct(cohort).rows.filter(pl.col("number") == 1)["dwell"].to_numpy() / 1000
    told = [first["timeQ1"], first["timeMedian"], first["timeQ3"]]
    assert told == pytest.approx(np.quantile(dwell, [0.25, 0.5, 0.75]), abs=1e-6)


def test_planted_rapid_guessers_are_found_and_nobody_else() -> None:
    """One student in thirty answers everything within three seconds."""
    cohort = planted(Plan(copying_pairs=0)).cohort
    hasty = cohort.attempts["attempt"].to_list()[::30]
    events = cohort.events.filter(pl.col("at") >= 0).with_columns(
        at=pl.when(pl.col("attempt").is_in(hasty)).then(pl.col("at") // 50).otherwise("at")
    )
    attempts = cohort.attempts.with_columns(
        submitted_at=pl.when(pl.col("attempt").is_in(hasty))
        .then(pl.col("started_at") + timedelta(minutes=2))
        .otherwise("submitted_at")
    )
    told = behaviour(Cohort(cohort.questions, attempts, cohort.responses, events))
    assert {one["attempt"] for one in told["rapid"]["disengaged"]} == set(hasty)


def test_a_threshold_is_a_tenth_of_the_mean_and_ten_seconds_at_most() -> None:
    rows = pl.DataFrame(
        {"question": ["q1"] * 3 + ["q2"], "answers": [1, 1, 0, 1], "dwell": [2_000, 60_000, 9_999_999, 500_000]}
    )
    assert dict(thresholds(rows).sort("question").iter_rows()) == {"q1": 3_100.0, "q2": 10_000.0}
    assert marked(rows)["rapid"].to_list() == [True, False, None, False]


def test_questions_are_settled_in_the_tenth_of_their_last_answer() -> None:
    told = behaviour(
        one_log(("ANSWER", 5, "q1", "a"), ("ANSWER", 95, "q2", "b"), ("ANSWER", 12, "q3", "3"), seqs=(1, 3, 2))
    )
    assert [tenth["settled"] for tenth in told["pace"]] == [1, 1, 0, 0, 0, 0, 0, 0, 0, 1]


def test_chunks_keep_attempts_whole() -> None:
    events = planted(Plan(students=40)).cohort.events
    parts = list(chunks(events.iter_slices(70), 100))
    assert sum(part.height for part in parts) == events.height
    assert sum(part["attempt"].n_unique() for part in parts) == events["attempt"].n_unique()
    cohort = planted(Plan(students=40)).cohort
    whole, small = conduct(cohort), conduct(cohort, chunk=100, events=events.iter_slices(70))
    assert whole.rows.sort("attempt", "question").equals(small.rows.sort("attempt", "question"))


@pytest.mark.parametrize("students", [0, 1])
def test_one_student_nobody_and_a_cohort_without_a_log_have_reports(students: int) -> None:
    whole = planted(Plan(students=20, copying_pairs=0)).cohort
    kept = whole.attempts["attempt"].to_list()[:students]
    few = [
        frame.filter(pl.col("attempt").is_in(kept)) for frame in (whole.attempts, whole.responses, whole.events)
    ]
    told = behaviour(Cohort(whole.questions, *few))
    assert told["students"] == students
    json.dumps(told, allow_nan=False)
    silent = behaviour(Cohort(whole.questions, *few[:2], Cohort.empty().events))
    assert (silent["students"], silent["subjects"]) == (0, [])
    json.dumps(silent, allow_nan=False)


def test_nothing_answered_leaves_effort_undefined() -> None:
    told = conduct(one_log(("VISIT", 1, "q1", None)))
    assert by_attempt(marked(told.rows), told.attempts)["effort"].to_list() == [None]
