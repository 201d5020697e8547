from __future__ import annotations

from fractions import Fraction

import pytest
from domain_values import (
    ESSAY,
    KEYS,
    MULTIPLE,
    NUMERIC,
    RIGHT,
    RULE,
    SINGLE,
    WRONG,
    chosen,
    key_of_paper,
    on_paper,
    paper_of,
    typed,
)
from hypothesis import given
from hypothesis import strategies as st

from tp.domain.grading import Outcome, Score, effective_rule, grade, grade_paper, is_answered
from tp.domain.marking import Partial, Rule, Scheme
from tp.domain.paper import DropPolicy, KeyEntry
from tp.domain.presets import GATE, JEE_ADVANCED_MULTIPLE, NEET_2025
from tp.domain.question import ChoiceKey
from tp.domain.response import Response

SINGLE_KEY = KeyEntry(key=KEYS[SINGLE])
RIGHTLY, WRONGLY = RIGHT[SINGLE], WRONG[SINGLE]


def test_the_type_has_its_rule_and_the_rest_the_default() -> None:
    assert effective_rule(GATE, SINGLE, own=None, marks=None).wrong == Fraction(-1, 3)
    assert effective_rule(GATE, NUMERIC, own=None, marks=None).wrong == 0


def test_a_question_s_own_rule_goes_before_the_scheme() -> None:
    assert effective_rule(GATE, SINGLE, own=RULE, marks=None) == RULE


def test_marks_scale_every_part_of_the_rule() -> None:
    own = Rule(
        correct=Fraction(4),
        wrong=Fraction(-2),
        unanswered=Fraction(-1),
        per_option=Fraction(1),
        partial=Partial.PER_OPTION,
    )
    scaled = effective_rule(NEET_2025, MULTIPLE, own=own, marks=Fraction(2))
    assert (scaled.correct, scaled.wrong, scaled.unanswered, scaled.per_option) == (
        2,
        -1,
        Fraction(-1, 2),
        Fraction(1, 2),
    )
    assert scaled.partial is Partial.PER_OPTION


def test_a_rule_worth_nothing_only_gets_its_marks() -> None:
    scheme = Scheme(name="survey", default=Rule(correct=Fraction(0), wrong=Fraction(-1)))
    scaled = effective_rule(scheme, SINGLE, own=None, marks=Fraction(2))
    assert (scaled.correct, scaled.wrong) == (2, -1)


@pytest.mark.parametrize(
    ("response", "outcome", "marks"),
    [
        (RIGHTLY, Outcome.CORRECT, 4),
        (WRONGLY, Outcome.WRONG, -1),
        (chosen("ab"), Outcome.WRONG, -1),
        (None, Outcome.UNANSWERED, 0),
        (chosen(""), Outcome.UNANSWERED, 0),
    ],
)
def test_a_single_choice_is_right_wrong_or_unanswered(response: Response, outcome: Outcome, marks: int) -> None:
    graded = grade(on_paper(), SINGLE_KEY, response)
    assert (graded.outcome, graded.marks, graded.counted) == (outcome, marks, True)


def test_a_partly_right_answer_is_partial() -> None:
    rule = effective_rule(JEE_ADVANCED_MULTIPLE, MULTIPLE, own=None, marks=None)
    graded = grade(on_paper(type_=MULTIPLE, rule=rule), KeyEntry(key=KEYS[MULTIPLE]), chosen("a"))
    assert (graded.outcome, graded.marks) == (Outcome.PARTIAL, 1)


def test_marks_per_option_never_pass_full_marks() -> None:
    rule = effective_rule(JEE_ADVANCED_MULTIPLE, MULTIPLE, own=None, marks=None)
    question = on_paper(type_=MULTIPLE, rule=rule, ids="abcdefg")
    entry = KeyEntry(key=ChoiceKey(correct=tuple("abcdef")))
    assert grade(question, entry, chosen("abcde")).marks == 4


def test_a_rule_may_charge_for_leaving_a_question_out() -> None:
    rule = Rule(correct=Fraction(4), unanswered=Fraction(-1))
    assert grade(on_paper(rule=rule), SINGLE_KEY, None).marks == -1


def test_an_essay_waits_for_marks_by_hand() -> None:
    essay = on_paper(type_=ESSAY)
    entry = KeyEntry(key=KEYS[ESSAY])
    waiting = grade(essay, entry, typed("Once upon a time"))
    assert (waiting.outcome, waiting.marks) == (Outcome.PENDING, None)
    by_marks = {4: Outcome.CORRECT, 2: Outcome.PARTIAL, 0: Outcome.WRONG}
    for marks, outcome in by_marks.items():
        graded = grade(essay, entry, typed("Once upon a time"), awarded=Fraction(marks))
        assert (graded.outcome, graded.marks) == (outcome, marks)


def test_an_essay_left_out_does_not_wait() -> None:
    assert grade(on_paper(type_=ESSAY), KeyEntry(key=KEYS[ESSAY]), None).outcome is Outcome.UNANSWERED


@pytest.mark.parametrize(
    ("policy", "right", "wrong", "blank"),
    [(DropPolicy.ALL, 4, 4, 4), (DropPolicy.ATTEMPTED, 4, 4, 0), (DropPolicy.NONE, 0, 0, 0)],
)
def test_a_dropped_question_gives_full_marks_by_its_policy(
    policy: DropPolicy, right: int, wrong: int, blank: int
) -> None:
    entry = KeyEntry(key=KEYS[SINGLE], dropped=policy)
    for response, marks in ((RIGHTLY, right), (WRONGLY, wrong), (None, blank)):
        graded = grade(on_paper(), entry, response)
        assert (graded.outcome, graded.marks) == (Outcome.DROPPED, marks)


def test_a_paper_is_summed_by_section_and_in_total() -> None:
    paper = paper_of([on_paper("q1"), on_paper("q2")], [on_paper("q3"), on_paper("q4", ESSAY)])
    score = grade_paper(paper, key_of_paper(paper), {"q1": RIGHTLY, "q2": WRONGLY, "q4": typed("…")})
    assert [(part.marks, part.maximum) for part in score.sections.values()] == [(3, 8), (0, 8)]
    assert (score.total.marks, score.total.maximum) == (3, 16)
    total = score.total
    assert (total.correct, total.wrong, total.unanswered, total.pending) == (1, 1, 1, 1)
    assert list(score.questions) == ["q1", "q2", "q3", "q4"]


def test_marks_by_hand_reach_the_total() -> None:
    paper = paper_of([on_paper("q1", ESSAY)])
    score = grade_paper(paper, key_of_paper(paper), {"q1": typed("…")}, awarded={"q1": Fraction(5, 2)})
    assert (score.total.marks, score.total.partial, score.total.pending) == (Fraction(5, 2), 1, 0)


def test_a_negative_total_stays_negative() -> None:
    paper = paper_of([on_paper("q1"), on_paper("q2")])
    score = grade_paper(paper, key_of_paper(paper), {"q1": WRONGLY, "q2": WRONGLY})
    assert score.total.marks == -2


def test_thirds_add_up_exactly_and_survive_storage() -> None:
    rule = Rule(correct=Fraction(1), wrong=Fraction(-1, 3))
    paper = paper_of([on_paper(f"q{index}", rule=rule) for index in range(3)])
    score = grade_paper(paper, key_of_paper(paper), {f"q{index}": WRONGLY for index in range(3)})
    assert score.total.marks == -1
    assert Score.model_validate_json(score.model_dump_json()) == score


def test_totals_with_long_denominators_survive_storage() -> None:
    paper = paper_of(
        [on_paper(f"q{index}", rule=Rule(correct=Fraction(1, 999_999_937 - 2 * index))) for index in range(20)]
    )
    score = grade_paper(paper, key_of_paper(paper), {f"q{index}": RIGHTLY for index in range(20)})
    assert score.total.marks.denominator > 10**100
    assert Score.model_validate_json(score.model_dump_json()) == score


def test_only_the_first_n_answered_count() -> None:
    paper = paper_of([on_paper(f"q{index}") for index in range(1, 6)], answer_any=2)
    score = grade_paper(
        paper, key_of_paper(paper), {"q5": RIGHTLY, "q4": RIGHTLY, "q2": WRONGLY, "q1": chosen("")}
    )
    assert {id_: graded.counted for id_, graded in score.questions.items()} == {
        "q1": False, "q2": True, "q3": False, "q4": True, "q5": False,
    }  # fmt: skip
    assert score.questions["q5"].marks == 0
    assert score.questions["q5"].outcome is Outcome.CORRECT
    assert (score.total.marks, score.total.maximum) == (3, 8)
    assert (score.total.correct, score.total.wrong, score.total.unanswered) == (1, 1, 0)


def test_places_left_over_go_to_unanswered_questions() -> None:
    paper = paper_of([on_paper(f"q{index}") for index in range(1, 6)], answer_any=3)
    score = grade_paper(paper, key_of_paper(paper), {"q4": RIGHTLY})
    assert [graded.counted for graded in score.questions.values()] == [True, True, False, True, False]
    assert score.total.unanswered == 2


def test_a_question_dropped_for_all_fills_a_place_left_over() -> None:
    paper = paper_of([on_paper(f"q{index}") for index in range(1, 4)], answer_any=2)
    key = key_of_paper(paper, {"q3": DropPolicy.ALL})
    assert grade_paper(paper, key, {"q1": RIGHTLY}).total.marks == 8
    assert grade_paper(paper, key, {"q1": RIGHTLY, "q2": RIGHTLY}).total.marks == 8


def test_a_question_dropped_for_none_takes_no_place_and_adds_no_maximum() -> None:
    paper = paper_of([on_paper(f"q{index}") for index in range(1, 4)], answer_any=2)
    key = key_of_paper(paper, {"q1": DropPolicy.NONE})
    score = grade_paper(paper, key, {"q1": RIGHTLY, "q2": RIGHTLY, "q3": RIGHTLY})
    assert (score.total.marks, score.total.maximum, score.total.dropped) == (8, 8, 1)
    plain = paper_of([on_paper(f"q{index}") for index in range(1, 4)])
    assert grade_paper(plain, key, {}).total.maximum == 8


def test_a_key_without_a_question_of_the_paper_is_a_defect() -> None:
    paper = paper_of([on_paper("q1")])
    key = key_of_paper(paper_of([on_paper("q2")]))
    with pytest.raises(KeyError):
        grade_paper(paper, key, {})


def test_only_a_response_that_says_something_is_an_answer() -> None:
    assert is_answered(typed("0"))
    assert is_answered(chosen("a"))
    assert is_answered(Response(matrix={"r": ("a",)}))
    assert not is_answered(None)
    assert not is_answered(Response())
    assert not is_answered(typed(""))


@given(
    st.lists(st.sampled_from(["right", "wrong", "blank"]), min_size=1, max_size=15),
    st.integers(1, 15),
)
def test_answer_any_agrees_with_counting_down(answers: list[str], any_: int) -> None:
    paper = paper_of([on_paper(f"q{index}") for index in range(len(answers))], answer_any=any_)
    responses = {
        f"q{index}": {"right": RIGHTLY, "wrong": WRONGLY}[answer]
        for index, answer in enumerate(answers)
        if answer != "blank"
    }
    left, marks = any_, 0
    for answer in answers:
        if answer != "blank" and left:
            left -= 1
            marks += 4 if answer == "right" else -1
    score = grade_paper(paper, key_of_paper(paper), responses)
    counts = score.total
    assert counts.marks == marks
    assert counts.maximum == 4 * min(any_, len(answers))
    assert counts.correct + counts.wrong + counts.unanswered == min(any_, len(answers))
