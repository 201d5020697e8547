"""Simulated students: what they do, and what it must earn by a marking that knows nothing of the platform's."""

from __future__ import annotations

import pytest

from api.cli.demo.marks import expected_marks
from api.cli.demo.mind import TIME_MS, Event, Mind, Question
from api.cli.demo.names import FIRST, LAST, name

QUESTIONS = [
    Question(
        id=f"qst_{number}",
        subject=("Physics", "Chemistry")[number % 2],
        text=f"question {number}",
        options={} if number % 5 == 0 else {text: f"{number}-{text}" for text in "abcd"},
        right="42" if number % 5 == 0 else "b",
    )
    for number in range(40)
]
CHOICE, NUMBER = QUESTIONS[1], QUESTIONS[0]


def answer(question: Question, said: str) -> Event:
    return {"type": "ANSWER", "at": 1, "questionId": question.id, "response": question.said(said)}


def test_the_same_seed_gives_the_same_events_and_another_seed_others() -> None:
    assert Mind(7).sit(QUESTIONS) == Mind(7).sit(QUESTIONS)
    assert Mind(7).sit(QUESTIONS) != Mind(8).sit(QUESTIONS)


@pytest.mark.parametrize("seed", range(20))
def test_time_goes_forward_and_ends_before_the_test_does(seed: int) -> None:
    times = [event["at"] for event in Mind(seed).sit(QUESTIONS)]

    assert times == sorted(times)
    assert times[-1] < TIME_MS + 60 * 60 * 1000


def test_a_cohort_shows_every_behaviour() -> None:
    events = [event for seed in range(30) for event in Mind(seed).sit(QUESTIONS)]

    assert {event["type"] for event in events} == {"VISIT", "ANSWER", "CLEAR", "MARK", "UNMARK", "BLUR", "FOCUS"}


def test_able_students_are_right_more_often_than_not_and_all_are_wrong_sometimes() -> None:
    totals = [sum(expected_marks(QUESTIONS, Mind(seed).sit(QUESTIONS), {}).values()) for seed in range(60)]

    assert max(totals) > 80
    assert min(totals) < 20
    assert len(set(totals)) > 20


@pytest.mark.parametrize(
    ("question", "said", "marks"),
    [(CHOICE, "b", 4), (CHOICE, "a", -1), (NUMBER, "42", 4), (NUMBER, "41.5", 4), (NUMBER, "42.5", -1)],
)
def test_an_answer_earns_four_or_costs_one_and_numbers_are_rounded(
    question: Question, said: str, marks: int
) -> None:
    assert expected_marks([question], [answer(question, said)], {}) == {question.id: marks}


def test_the_last_answer_counts_and_a_cleared_one_does_not() -> None:
    changed = [answer(CHOICE, "a"), answer(CHOICE, "b")]
    cleared = [*changed, {"type": "CLEAR", "at": 2, "questionId": CHOICE.id}]

    assert expected_marks([CHOICE], changed, {}) == {CHOICE.id: 4}
    assert expected_marks([CHOICE], cleared, {}) == {CHOICE.id: 0}


def test_marks_are_by_the_key_in_force_even_where_it_is_wrong() -> None:
    in_force = {CHOICE.text: "d"}

    assert expected_marks([CHOICE], [answer(CHOICE, "b")], in_force) == {CHOICE.id: -1}
    assert expected_marks([CHOICE], [answer(CHOICE, "d")], in_force) == {CHOICE.id: 4}


def test_names_repeat_late() -> None:
    assert len({name(number) for number in range(len(FIRST) * len(LAST))}) == len(FIRST) * len(LAST)
