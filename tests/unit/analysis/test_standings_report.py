from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from sittings import merged, sitting

from analysis.contract import TieBreak
from analysis.frames import Cohort
from analysis.reports.exact import exact_sums
from analysis.reports.placing import UNIT, percentile_text, percentiles, ranks
from analysis.reports.standings import standing, standings
from analysis.reports.tie_breaks import JEE_MAIN_2025, NEET_2025, ratio_order

MARKS = st.sampled_from(["-2/3", "-1/3", "0", "1/3", "1/7", "1"])
SHEETS = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(MARKS, min_size=width, max_size=width), min_size=1, max_size=12)
)


def by_attempt(section: dict, field: str) -> list:
    return [row[field] for row in sorted(section["rows"], key=lambda row: row["attemptId"])]


@given(SHEETS)
def test_ranks_and_percentiles_are_those_of_the_exact_sums(marks: list[list[str]]) -> None:
    section = standings(sitting(marks))
    totals = [sum(map(Fraction, line)) for line in marks]
    assert by_attempt(section, "score") == [str(total) for total in totals]
    assert by_attempt(section, "rank") == [1 + sum(other > total for other in totals) for total in totals]
    exact = [Fraction(100 * sum(other <= total for other in totals), len(totals)) for total in totals]
    for text, value in zip(by_attempt(section, "percentile"), exact, strict=True):
        assert abs(Fraction(text) - value) <= Fraction(1, 2 * 10**7)
        assert len(text.partition(".")[2]) == 7


def test_a_percentile_is_the_share_of_those_with_the_same_raw_score_or_less() -> None:
    appeared = np.arange(24_038)
    highest, lowest = percentiles(np.array([24_037, 0]), appeared).tolist()
    assert (percentile_text(highest), percentile_text(lowest)) == ("100.0000000", "0.0041601")


def test_a_percentile_is_that_of_the_agency_s_published_example() -> None:
    """Of 41,326 candidates of a session 37,244 scored 121 or less (National Testing Agency, CUET (UG), as told by
    The Indian Express, "CUET Result 2025: How is the normalised NTA score calculated?")."""
    appeared = np.repeat([100, 121, 130], [37_000, 244, 41_326 - 37_244])
    assert percentile_text(int(percentiles(np.array([121]), appeared)[0])) == "90.1224411"


@given(st.lists(st.integers(-5, 5), min_size=1, max_size=30))
def test_percentiles_and_ranks_are_those_that_scipy_computes(scores: list[int]) -> None:
    values = np.array(scores)
    exact = stats.percentileofscore(values, values, kind="weak")
    assert percentiles(values, values) / UNIT == pytest.approx(exact, abs=1e-7)
    placed = ranks([values], np.ones(values.size, np.bool_))
    assert placed.tolist() == stats.rankdata(-values, method="min").tolist()


def test_ties_share_a_rank_and_the_next_is_skipped() -> None:
    section = standings(sitting([["1", "1"], ["1", "0"], ["0", "1"], ["0", "0"]]))
    assert by_attempt(section, "rank") == [1, 2, 2, 4]
    assert by_attempt(section, "percentile") == ["100.0000000", "75.0000000", "75.0000000", "25.0000000"]


def test_thirds_that_add_up_to_one_tie_with_one() -> None:
    section = standings(sitting([["1/3", "1/3", "1/3"], ["1", "0", "0"]]))
    assert by_attempt(section, "rank") == [1, 1]


def test_denominators_without_a_common_machine_word_are_still_exact() -> None:
    tiny = [f"1/{prime}" for prime in (1_000_003, 1_000_033, 1_000_037, 1_000_039)]
    section = standings(sitting([tiny, tiny[::-1], [*tiny[:3], "0"]]))
    assert by_attempt(section, "rank") == [1, 1, 3]
    assert by_attempt(section, "score")[0] == str(sum(map(Fraction, tiny)))


def test_marks_beyond_a_machine_word_are_still_exact() -> None:
    huge = str(2**62 - 1)
    section = standings(sitting([[huge] * 4, [*[huge] * 3, str(2**62 - 2)]]))
    assert by_attempt(section, "rank") == [1, 2]
    assert by_attempt(section, "score")[0] == str(4 * (2**62 - 1))


def test_sessions_merge_on_percentile_and_not_on_marks() -> None:
    easy = sitting([["1", "1"], ["1", "0"]], test="tst_1", students=["ann", "ben"])
    hard = sitting([["1", "0"], ["0", "0"], ["0", "-1"]], test="tst_2", students=["cid", "dee", "eve"])
    section = standings(merged(easy, hard))
    placed = {row["studentId"]: (row["rank"], row["percentile"]) for row in section["rows"]}
    assert placed == {
        "ann": (1, "100.0000000"),
        "cid": (1, "100.0000000"),
        "dee": (3, "66.6666667"),
        "ben": (4, "50.0000000"),
        "eve": (5, "33.3333333"),
    }
    assert [session["appeared"] for session in section["sessions"]] == [2, 3]


def test_who_sat_twice_counts_once_by_the_better_attempt() -> None:
    section = standings(sitting([["0"], ["1"], ["0"]], students=["ann", "ann", "ben"], numbers=[1, 2, 1]))
    assert section["candidates"] == 2
    assert by_attempt(section, "counts") == [False, True, True]
    assert by_attempt(section, "rank") == [2, 1, 2]
    assert by_attempt(section, "percentile") == ["50.0000000", "100.0000000", "50.0000000"]


def test_a_tie_is_broken_by_the_declared_subject() -> None:
    cohort = sitting([["1", "0"], ["0", "1"]], subjects=["Physics", "Mathematics"])
    assert by_attempt(standings(cohort), "rank") == [1, 1]
    assert by_attempt(standings(cohort, [TieBreak(subject="Physics")]), "rank") == [1, 2]
    assert by_attempt(standings(cohort, JEE_MAIN_2025), "rank") == [2, 1]


def test_a_tie_is_broken_by_the_lower_ratio_of_wrong_to_right() -> None:
    cohort = sitting([["1", "1", "-1"], ["1", "0", "0"]])
    assert by_attempt(standings(cohort), "rank") == [1, 1]
    assert by_attempt(standings(cohort, [TieBreak(wrong_ratio=True)]), "rank") == [2, 1]


@given(st.lists(st.lists(st.sampled_from(["-1", "0", "1"]), min_size=4, max_size=4), min_size=1, max_size=14))
def test_declared_keys_decide_as_they_do_when_written_out(marks: list[list[str]]) -> None:
    cohort = sitting(marks, subjects=["Biology", "Chemistry", "Physics", "Biology"])
    sheets = [[int(mark) for mark in line] for line in marks]

    def ratio(sheet: list[int]) -> float | Fraction:
        right, wrong = sheet.count(1), sheet.count(-1)
        return Fraction(wrong, right) if right else float("inf") if wrong else Fraction(0)

    def key(sheet: list[int]) -> tuple[float | Fraction, ...]:
        first, second, third, fourth = sheet
        parts = [[first, fourth], [second], [third]]
        return (sum(sheet), *map(sum, parts), -ratio(sheet), *(-ratio(part) for part in parts))

    expected = [1 + sum(key(other) > key(sheet) for other in sheets) for sheet in sheets]
    assert by_attempt(standings(cohort, NEET_2025), "rank") == expected


def test_a_tie_break_on_a_subject_that_was_not_tested_is_named_and_decides_nothing() -> None:
    section = standings(sitting([["1"], ["1"]], subjects=["Physics"]), [TieBreak(subject="Music")])
    assert section["tieBreaksIgnored"] == [{"subject": "Music", "wrongRatio": False}]
    assert by_attempt(section, "rank") == [1, 1]


def test_the_presets_have_the_order_of_the_bulletins() -> None:
    assert [(each.subject, each.wrong_ratio) for each in NEET_2025] == [
        ("Biology", False),
        ("Chemistry", False),
        ("Physics", False),
        (None, True),
        ("Biology", True),
        ("Chemistry", True),
        ("Physics", True),
    ]


def test_no_wrong_answer_is_the_best_ratio_and_none_right_the_worst() -> None:
    wrong, right = np.array([0, 1, 1, 2, 3]), np.array([0, 3, 2, 6, 0])
    best_first = ratio_order(wrong, right)
    assert best_first.tolist() == [3, 2, 1, 2, 0]


def test_everybody_is_also_placed_within_every_group() -> None:
    groups = [["A"], ["B"], ["A", "B"]]
    section = standings(sitting([["1", "1"], ["1", "0"], ["0", "0"]], groups=groups))
    assert by_attempt(section, "groups") == [{"A": 1}, {"B": 1}, {"A": 2, "B": 2}]
    assert [group["candidates"] for group in section["groups"]] == [2, 2]


@pytest.mark.parametrize("marks", [[["0"]], [["1"]], [[None]]])
def test_one_student_is_first_with_a_percentile_of_one_hundred(marks: list[list[str | None]]) -> None:
    section = standings(sitting(marks))
    assert (by_attempt(section, "rank"), by_attempt(section, "percentile")) == ([1], ["100.0000000"])
    assert section["provisional"] == (marks == [[None]])


def test_standings_of_nobody_are_empty() -> None:
    assert standings(Cohort.empty())["rows"] == []
    assert standings(sitting([], subjects=["Physics"]))["rows"] == []


def test_in_a_test_without_questions_everybody_is_first() -> None:
    section = standings(sitting([[], []]))
    assert by_attempt(section, "percentile") == ["100.0000000", "100.0000000"]
    assert by_attempt(section, "score") == ["0", "0"]


def test_a_row_is_what_tp_is_told() -> None:
    row = standings(sitting([["1"]], subjects=["Physics"]))["rows"][0]
    assert standing(row).subjects["Physics"].percentile == "100.0000000"


def test_ranks_of_none_are_none() -> None:
    assert ranks([np.array([], np.int64)], np.array([], np.bool_)).size == 0


def test_marks_that_wait_add_nothing() -> None:
    sums = exact_sums(sitting([[None, "1/2"]]).responses, ["attempt"])
    assert sums["score"].to_list() == ["1/2"]
