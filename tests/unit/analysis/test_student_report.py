"""A student's page says what the figures support, and nothing else."""

from __future__ import annotations

import json
from typing import Any

import polars as pl
import pytest

from analysis.frames import Cohort
from analysis.reports.advice import OF_SUBJECTS, OF_TOPICS, OF_WHOLE, Rule, said
from analysis.reports.conduct import conduct
from analysis.reports.standing_out import parts
from analysis.reports.student import page, students
from tests.unit.analysis.cohorts import Plan, planted

PART: dict[str, Any] = {
    "part": "Physics",
    "questions": 10,
    "share": 0.5,
    "share_mean": 0.5,
    "share_z": 0.0,
    "time": 600.0,
    "time_median": 600.0,
    "time_z": 0.0,
    "lowest": True,
    "highest": True,
}
WHOLE: dict[str, Any] = {
    "time": 1000.0,
    "sunk": 100.0,
    "wrong": 10,
    "unseen": 0,
    "gained": 0.0,
    "right_wrong": 0,
    "wrong_right": 0,
    "rapid": 0,
    "rapid_right": 0,
    "away": 0.0,
    "blurs": 0,
}


def spoken(figures: dict[str, Any], rules: tuple[Rule, ...]) -> dict[str, str]:
    [sentences] = said(pl.DataFrame([figures]), rules)["sentences"].to_list()
    return {sentence["rule"]: sentence["text"] for sentence in sentences}


@pytest.mark.parametrize(
    ("figures", "rule", "text"),
    [
        (
            {"share": 0.8, "share_z": 0.75},
            "STRENGTH",
            "Physics is a strength: 80 % of its marks, 50 % on average.",
        ),
        (
            {"share": 0.2, "share_z": -0.75},
            "WEAKNESS",
            "Physics is a weakness: 20 % of its marks, 50 % on average.",
        ),
        (
            {"time": 1200.0, "time_z": 1.0},
            "SLOW",
            "Physics took 20 minutes, half of the others needed 10 minutes or less.",
        ),
    ],
)
def test_a_part_that_stands_out_is_told_and_one_of_few_questions_is_not(
    figures: dict[str, Any], rule: str, text: str
) -> None:
    assert spoken(PART | figures, OF_SUBJECTS) == {rule: text}
    assert spoken(PART | figures | {"questions": 3}, OF_SUBJECTS) == {}
    assert spoken(PART, OF_SUBJECTS) == {}


def test_only_the_lowest_topic_is_to_be_revised() -> None:
    weak = PART | {"share": 0.2, "share_z": -1.0}
    assert list(spoken(weak, OF_TOPICS)) == ["REVISE"]
    assert spoken(weak | {"lowest": False}, OF_TOPICS) == {}


@pytest.mark.parametrize(
    ("figures", "rule", "text"),
    [
        (
            {"sunk": 500.0},
            "SUNK",
            "50 % of the time went into questions that stayed wrong; leave such a question sooner and come back.",
        ),
        (
            {"unseen": 3},
            "UNSEEN",
            "3 questions were never opened; go through the whole paper once before settling down.",
        ),
        (
            {"gained": -10.0, "right_wrong": 3, "wrong_right": 1},
            "CHANGES_LOST",
            "Changing answers cost 10 marks: 3 from right to wrong, 1 the other way. Change only for a reason.",
        ),
        (
            {"gained": 5.0, "wrong_right": 2, "right_wrong": 1},
            "CHANGES_GAINED",
            "Going over answers paid: 2 changes from wrong to right, 1 from right to wrong. Keep time for it.",
        ),
        (
            {"rapid": 4, "rapid_right": 1},
            "RAPID",
            "4 answers were given too quickly to have been read; 1 of them right.",
        ),
        ({"away": 60.0, "blurs": 2}, "AWAY", "The test was out of sight for 1 minute, 2 times."),
    ],
)
def test_what_to_change_is_said_when_the_figures_support_it(figures: dict[str, Any], rule: str, text: str) -> None:
    assert spoken(WHOLE | figures, OF_WHOLE) == {rule: text}


def test_nothing_is_said_without_figures() -> None:
    assert spoken(WHOLE, OF_WHOLE) == {}
    unknown = pl.DataFrame([WHOLE]).select(pl.all() * pl.lit(None, pl.Int64))
    assert said(unknown, OF_WHOLE)["sentences"].to_list() == [[]]


def test_the_parts_are_compared_with_the_cohort() -> None:
    cohort = planted(Plan(students=60)).cohort
    compared = parts(cohort, conduct(cohort), "subject").filter(pl.col("subject") == "Physics")
    share = compared["share"].to_numpy()
    assert compared["share_z"].to_numpy() == pytest.approx((share - share.mean()) / share.std(ddof=1))
    marks = cohort.responses.join(cohort.questions, on="question").filter(pl.col("subject") == "Physics")
    expected = marks.group_by("attempt").agg(pl.col("marks").sum() / 40).sort("attempt")["marks"]
    assert share == pytest.approx(expected.to_numpy())


def test_one_page_is_that_student_s_row_among_all() -> None:
    cohort = planted(Plan(students=40)).cohort
    told = students(cohort)["rows"]
    assert len(told) == 40
    assert page(cohort, "att_000007") == told[7]
    assert page(cohort, "att_999999") is None
    json.dumps(told, allow_nan=False)


@pytest.mark.parametrize("number", [0, 1, 4])
def test_too_few_students_are_not_compared(number: int) -> None:
    whole = planted(Plan(students=20, copying_pairs=0)).cohort
    kept = whole.attempts["attempt"].to_list()[:number]
    few = [
        frame.filter(pl.col("attempt").is_in(kept)) for frame in (whole.attempts, whole.responses, whole.events)
    ]
    rows = students(Cohort(whole.questions, *few))["rows"]
    rules = {sentence["rule"] for row in rows for sentence in row["sentences"]}
    assert rules <= {rule.name for rule in OF_WHOLE}
    json.dumps(rows, allow_nan=False)


def test_without_a_log_the_marks_are_told_and_no_times() -> None:
    cohort = planted(Plan(events=False)).cohort
    first, *_ = students(cohort)["rows"]
    assert (first["time"], first["unseen"], first["subjects"][0]["time"]) == (None, None, None)
    assert {sentence["rule"] for row in students(cohort)["rows"] for sentence in row["sentences"]} <= {
        "STRENGTH",
        "WEAKNESS",
        "BEST",
        "REVISE",
    }


def test_omitting_everything_is_no_strength() -> None:
    cohort = planted(Plan(students=30, copying_pairs=0)).cohort
    silent = cohort.responses.with_columns(
        outcome=pl.lit("UNANSWERED", cohort.responses["outcome"].dtype), marks=0.0
    )
    rows = students(Cohort(cohort.questions, cohort.attempts, silent, Cohort.empty().events))["rows"]
    assert [row["sentences"] for row in rows] == [[]] * 30
