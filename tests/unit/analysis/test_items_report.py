from __future__ import annotations

import json

import pytest
from cohorts import Plan, planted
from scipy import stats
from sittings import merged, sitting

from analysis.frames import Cohort
from analysis.reports.items import items


def codes(row: dict) -> list[str]:
    return [flag["code"] for flag in row["flags"]]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_bad_distractor_and_the_wrong_key_are_found_and_nothing_else_is_accused(seed: int) -> None:
    plant = planted(Plan(students=800, seed=seed, events=False))
    section = items(plant.cohort)
    found = {row["question"]: codes(row) for row in section["questions"] if row["flags"]}
    assert "BEST_CHOOSE_DISTRACTOR" in found[str(plant.bad_distractor)]
    assert found[str(plant.wrong_key)][0] == "LIKELY_WRONG_KEY"
    others = set(found) - {plant.bad_distractor, plant.wrong_key}
    assert not {code for question in others for code in found[question]} & {
        "LIKELY_WRONG_KEY",
        "NEGATIVE_DISCRIMINATION",
    }
    assert section["toLookAt"] == list(found)


def test_each_option_correlates_with_the_rest_of_the_test_as_scipy_computes() -> None:
    cohort = planted(Plan(students=150, events=False)).cohort
    marks = cohort.responses.pivot("question", index="attempt", values="marks").sort("attempt")
    given = cohort.responses.pivot("question", index="attempt", values="response").sort("attempt")
    total = marks.drop("attempt").sum_horizontal().to_numpy()
    for row in items(cohort)["questions"][:6]:
        rest = total - marks[row["question"]].to_numpy()
        for option in row["options"]:
            chosen = (given[row["question"]] == option["option"]).fill_null(False).to_numpy()
            assert option["pointBiserial"] == pytest.approx(stats.pointbiserialr(chosen, rest).statistic, abs=1e-6)
            assert option["students"] == chosen.sum()


def test_every_option_is_counted_in_the_authors_order() -> None:
    marks = [["1", "1"], ["1", "0"], ["0", "1"], ["0", "0"]]
    given = [["a", "a"], ["a", "b"], ["b", "a"], [None, "c"]]
    row = items(sitting(marks, given=given))["questions"][0]
    assert [(each["label"], each["students"], each["right"]) for each in row["options"]] == [
        ("A", 2, True),
        ("B", 1, False),
        ("C", 0, False),
        ("D", 0, False),
    ]
    assert [each["share"] for each in row["options"]] == [0.5, 0.25, 0, 0]
    assert (row["students"], row["right"], row["omitted"], row["facility"]) == (4, 2, 0.25, 0.5)


def test_each_option_of_a_multiple_choice_is_counted_by_itself() -> None:
    cohort = sitting(
        [["1", "1"], ["0", "1"], ["0", "0"]],
        given=[["a|b", "a"], ["a", "a"], ["b|c", "b"]],
        type_="MULTIPLE_CHOICE",
    )
    row = items(cohort)["questions"][0]
    assert [each["students"] for each in row["options"]] == [2, 2, 1, 0]


def test_a_number_that_the_best_give_instead_of_the_key_is_pointed_at() -> None:
    best, rest = [["0", "1", "1", "1"]] * 10, [["0", "0", "0", "1"]] * 20
    given = [["12", "1", "1", "1"]] * 10 + [["7", "2", "2", "1"]] * 20
    row = items(sitting([*best, *rest], given=given, type_="NUMERIC"))["questions"][0]
    assert codes(row)[0] == "LIKELY_WRONG_KEY"
    assert "choose 12 rather than any answer that counts as right" in row["flags"][0]["reason"]
    assert codes(row)[-1] == "NOBODY_RIGHT"


def test_one_good_student_who_errs_accuses_no_question() -> None:
    marks = [["0", "1", "1"], ["1", "0", "0"], ["1", "0", "0"], ["0", "0", "0"]]
    given = [["b", "a", "a"], ["a", "b", "b"], ["a", "c", "d"], ["c", "d", "b"]]
    row = items(sitting(marks, given=given))["questions"][0]
    assert row["options"][1]["upper"] == 1
    assert codes(row) == ["NEGATIVE_DISCRIMINATION"]


def test_a_question_that_all_or_none_get_right_is_flagged() -> None:
    marks = [["1", "0", "0"], ["1", "0", "1"], ["1", "0", "0"]]
    given = [["a", None, "b"], ["a", None, "a"], ["a", None, "b"]]
    rows = items(sitting(marks, given=given))["questions"]
    assert [codes(row) for row in rows] == [["EVERYBODY_RIGHT"], ["NOBODY_ANSWERED"], []]


@pytest.mark.parametrize(
    "cohort",
    [
        Cohort.empty(),
        sitting([], subjects=["Physics"]),
        sitting([["1", "0"]]),
        sitting([["1", "1"]] * 3, given=[["a", "a"]] * 3),
        sitting([["0", "0"]] * 3),
        sitting([["1/3", "1/3"]] * 3),
        sitting([[None, None], [None, None]], given=[["Essay.", "Essay."]] * 2, type_="ESSAY"),
        sitting([["1", "1"], ["1", "1"]], dropped=[0, 1]),
    ],
    ids=["nobody", "no attempts", "one student", "all right", "all omitted", "ties", "pending", "dropped"],
)
def test_what_is_not_defined_is_null(cohort: Cohort) -> None:
    section = items(cohort)
    assert "NaN" not in json.dumps(section)
    assert all(row["discrimination"] is None and row["upperLower"] is None for row in section["questions"])


def test_a_dropped_question_is_shown_and_neither_judged_nor_held_against_others() -> None:
    marks = [["1", "1", "1"], ["1", "0", "0"], ["1", "1", "0"], ["1", "0", "0"]]
    with_it, without = sitting(marks, dropped=[0]), sitting([line[1:] for line in marks])
    first, *others = items(with_it)["questions"]
    assert (first["facility"], first["discrimination"], first["flags"]) == (None, None, [])
    kept = items(without)["questions"]
    assert [row["discrimination"] for row in others] == [row["discrimination"] for row in kept]


def test_sessions_are_analysed_each_by_itself() -> None:
    rows = items(merged(sitting([["1"], ["0"]]), sitting([["1"], ["1"]], test="tst_2")))["questions"]
    assert [(row["test"], row["facility"]) for row in rows] == [("tst_1", 0.5), ("tst_2", 1)]
