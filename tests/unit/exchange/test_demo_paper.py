"""The demo paper in the pattern of JEE Main: what the demo relies on, and what a wrong escape would break."""

from __future__ import annotations

import re
from collections import Counter
from importlib.resources import files

import pytest
from gift_reading import correct, gift, numbers, options, stem

from tp.domain.exchange.imported import Draft
from tp.domain.question import QuestionType

CODES = {"Physics": "PHY", "Chemistry": "CHE", "Mathematics": "MAT"}
ONE_OF_FOUR, NUMERIC = 20, 5
FORMULA = re.compile(r"(?<!\\)\$([^$]+)\$")

every_subject = pytest.mark.parametrize("subject", CODES)


def source(subject: str) -> str:
    return files("api").joinpath("cli", "demo", "paper", f"{subject.lower()}.gift").read_text("utf-8")


def drafts(subject: str) -> tuple[Draft, ...]:
    return gift(source(subject)).drafts


def texts(draft: Draft) -> list[str]:
    return [stem(draft), *options(draft)]


def balanced(text: str) -> bool:
    depth = 0
    for sign in re.findall(r"(?<!\\)[{}]", text):
        depth += 1 if sign == "{" else -1
        if depth < 0:
            return False
    return depth == 0


@every_subject
def test_a_subject_is_read_without_problems_and_without_losses(subject: str) -> None:
    read = gift(source(subject))
    assert read.problems == ()
    assert read.losses == ()


@every_subject
def test_a_subject_has_twenty_choices_and_then_five_numbers(subject: str) -> None:
    kinds = [draft.content.type for draft in drafts(subject)]
    assert kinds == [QuestionType.SINGLE_CHOICE] * ONE_OF_FOUR + [QuestionType.NUMERIC] * NUMERIC


@every_subject
def test_titles_count_the_questions_of_a_subject(subject: str) -> None:
    expected = [f"{CODES[subject]}-{number:02}" for number in range(1, ONE_OF_FOUR + NUMERIC + 1)]
    assert [draft.title for draft in drafts(subject)] == expected


@every_subject
def test_a_choice_has_four_different_options_of_which_one_is_right(subject: str) -> None:
    for draft in drafts(subject)[:ONE_OF_FOUR]:
        assert len(options(draft)) == len(set(options(draft))) == 4, draft.title
        assert len(correct(draft)) == 1, draft.title


@every_subject
def test_each_position_holds_the_right_option_equally_often(subject: str) -> None:
    positions = Counter(options(draft).index(correct(draft)[0]) for draft in drafts(subject)[:ONE_OF_FOUR])
    assert positions == dict.fromkeys(range(4), ONE_OF_FOUR // 4)


@every_subject
def test_a_number_is_one_whole_number(subject: str) -> None:
    for draft in drafts(subject)[ONE_OF_FOUR:]:
        ((low, high, fraction),) = numbers(draft)
        assert low == high == str(int(low)), draft.title
        assert fraction == 1, draft.title


@every_subject
def test_every_question_has_a_topic_of_its_subject(subject: str) -> None:
    topics = [draft.tags.topic for draft in drafts(subject)]
    assert all(topic and topic.startswith(f"{subject}/") for topic in topics)
    assert len(set(topics)) >= 8


@every_subject
def test_formulas_are_closed_and_their_braces_balance(subject: str) -> None:
    for draft in drafts(subject):
        for text in texts(draft):
            assert text.count("$") % 2 == 0, text
            assert all(balanced(formula) for formula in FORMULA.findall(text)), text


@every_subject
def test_no_latex_stands_outside_a_formula_and_no_line_end_within(subject: str) -> None:
    for draft in drafts(subject):
        for text in texts(draft):
            assert not re.search(r"[\\{}_^$]", FORMULA.sub("", text)), text
            assert not any("\n" in formula for formula in FORMULA.findall(text)), text


def test_no_two_questions_of_the_paper_have_the_same_text() -> None:
    asked = [stem(draft) for subject in CODES for draft in drafts(subject)]
    assert len(set(asked)) == len(asked) == 75
