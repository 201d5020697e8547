"""The Aiken format."""

from __future__ import annotations

import pytest
from gift_reading import aiken, correct, options, stem
from hypothesis import given
from hypothesis import strategies as st

from tp.domain.exchange import limits
from tp.domain.problem import Code
from tp.domain.question import QuestionType

GOOD = "What is 2 + 2?\nA. Three\nB) Four\nC.\t<b>Five</b>\nANSWER: B\n"


def test_a_question_is_a_single_choice() -> None:
    (draft,) = aiken(GOOD).drafts
    assert draft.content.type is QuestionType.SINGLE_CHOICE
    assert stem(draft) == "What is 2 + 2?"
    assert options(draft) == ["Three", "Four", "\\<b>Five\\</b>"]
    assert correct(draft) == ["Four"]
    assert [option.id for option in draft.content.options] == ["o1", "o2", "o3"]


def test_questions_need_no_empty_line_between_them() -> None:
    read = aiken("\ufeff" + GOOD.replace("\n", "\r\n") + "\r\n\r\n" + GOOD + GOOD)
    assert read.problems == ()
    assert [draft.line for draft in read.drafts] == [1, 8, 13]


def test_a_text_may_have_several_lines_and_begin_with_an_initial() -> None:
    (draft,) = aiken("I. Newton said:\n\nwhat?\nA. This\n\nB. That\n\nanswer : a").drafts
    assert stem(draft) == "I. Newton said:  \nwhat?"
    assert correct(draft) == ["This"]


@pytest.mark.parametrize(
    ("text", "line", "code", "message"),
    [
        ("A. One\nB. Two\nANSWER: A", 1, Code.REQUIRED, "no text"),
        ("ANSWER: A", 1, Code.REQUIRED, "no text"),
        ("Q\nANSWER: A", 1, Code.INVALID, "at least two options"),
        ("Q\nA. One\nANSWER: A", 1, Code.INVALID, "at least two options"),
        ("Q\nA. One\nC. Two\nANSWER: A", 3, Code.SYNTAX, "option B is expected here, not C"),
        ("Q\nA. One\ngoes on\nB. Two\nANSWER: A", 3, Code.SYNTAX, "neither an option"),
        ("Q\nA. One\nB.\nANSWER: A", 3, Code.REQUIRED, "option B is empty"),
        ("Q\nA. One\nB. Two\nANSWER: C", 4, Code.UNKNOWN_OPTION, "no option C"),
        ("Q\nA. One\nB. Two\nANSWER: A, B", 4, Code.SYNTAX, "one letter"),
        ("Q\nA. One\nB. Two\nANSWER:", 4, Code.SYNTAX, "one letter"),
        ("Q\nA. One\nB. Two", 1, Code.NO_KEY, "no ANSWER"),
        ("Q\nA. One\nB. T\x00wo\nANSWER: A", 3, Code.INVALID, "U+0000"),
        ("Q" * (limits.QUESTION + 1) + "\nA. One\nB. Two\nANSWER: A", 1, Code.TOO_LARGE, "longer than"),
        ("Q" * (limits.FILE + 1), 1, Code.TOO_LARGE, "the file"),
    ],
)
def test_a_question_that_is_wrong_is_refused_with_its_line(text: str, line: int, code: Code, message: str) -> None:
    read = aiken(text)
    (problem,) = read.problems
    assert read.drafts == ()
    assert (problem.line, problem.code) == (line, code)
    assert message in problem.message


def test_reading_goes_on_after_a_question_without_an_answer() -> None:
    read = aiken("First\nA. One\nB. Two\n\n" + GOOD)
    assert [problem.line for problem in read.problems] == [1]
    assert [draft.line for draft in read.drafts] == [5]


def test_reading_stops_after_more_questions_than_a_file_may_hold() -> None:
    read = aiken("Q\nANSWER: A\n" * (limits.QUESTIONS + 2))
    assert [problem.code for problem in read.problems[-2:]] == [Code.INVALID, Code.TOO_MANY]
    assert len(read.problems) == limits.QUESTIONS + 1


def test_more_options_than_letters_are_refused() -> None:
    lines = [f"{letter}. x" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZAB"]
    (problem,) = aiken("Q\n" + "\n".join(lines) + "\nANSWER: A").problems
    assert (problem.code, problem.line) == (Code.TOO_MANY, 1)


@given(st.text(alphabet=st.sampled_from("ABQ.) \n:\t\ufeffANSWER\r\x00\ud800<$`"), max_size=200))
def test_garbage_is_reported_and_never_raises(text: str) -> None:
    read = aiken(text)
    assert all(problem.line >= 1 for problem in read.problems)
