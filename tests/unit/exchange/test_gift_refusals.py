"""What the GIFT reader refuses, each question on its own and with its place, and what it leaves behind."""

from __future__ import annotations

import pytest
from gift_reading import gift, loss, losses, refusal, stem

from tp.domain.exchange import limits
from tp.domain.exchange.imported import LossCode
from tp.domain.problem import Code


@pytest.mark.parametrize(
    ("text", "code", "column", "message"),
    [
        ("Q {=a ~b", Code.SYNTAX, 3, "not closed"),
        ("Q =a ~b}", Code.SYNTAX, 8, "no { before"),
        ("Q }{", Code.SYNTAX, 3, "no { before"),
        ("Q {=$x^{2}$ ~b}", Code.SYNTAX, 8, "inside the answers"),
        ("Q {T}\nR {F}", Code.SYNTAX, 3, "empty line between"),
        ("Q {T} $x^2}$", Code.SYNTAX, 11, "second pair"),
        ("::Title Q {T}", Code.SYNTAX, 1, "not closed by ::"),
        ("::Title::{T}", Code.REQUIRED, 10, "text is empty"),
        ("[html]<p></p>{T}", Code.UNSUPPORTED, 7, "nothing that can be carried"),
        ("Q{~a}", Code.INVALID, 3, "at least two options"),
        ("Q{~}", Code.INVALID, 3, "at least two options"),
        ("Q{a ~b =c}", Code.SYNTAX, 3, "no ~ or = introduces"),
        ("Q{~a ~b}", Code.NO_KEY, 3, "no choice is marked right"),
        ("Q{=%50%a ~b}", Code.NO_KEY, 3, "100 %"),
        ("Q{=a ~}", Code.REQUIRED, 7, "choice 2 is empty"),
        ("Q{=a ~#feedback}", Code.REQUIRED, 7, "choice 2 is empty"),
        ("Q{=a ~%101%b}", Code.INVALID, 7, "between -100 and 100"),
        ("Q{=a ~%1.1234567%b}", Code.INVALID, 7, "at most 5 decimals"),
        ('Q{=a ~<p class="x">b</p>}', Code.SYNTAX, 15, "HTML attribute"),
        ("Q{=}", Code.REQUIRED, 4, "answer 1 is empty"),
        ("Q{One =two}", Code.SYNTAX, 3, "no = introduces"),
        ("Q{=%-10%a}", Code.INVALID, 4, "negative percentage"),
        ("Q{=%0%a}", Code.NO_KEY, 4, "no answer earns"),
        ("Q{=a -> b}", Code.INVALID, 4, "at least two pairs"),
        ("Q{=a -> b =c}", Code.SYNTAX, 12, "pair 2 has no ->"),
        ("Q{=a -> b =c -> }", Code.REQUIRED, 16, "right side of pair 2"),
        ("Q{= -> a = -> b}", Code.NO_KEY, 4, "no pair has a left side"),
        ("Q{#}", Code.INVALID, 4, "not a number"),
        ("Q{#NaN}", Code.INVALID, 4, "not a number"),
        ("Q{#inf}", Code.INVALID, 4, "not a number"),
        ("Q{#1e400}", Code.INVALID, 4, "not a number"),
        ("Q{#1e99}", Code.INVALID, 4, "not a number"),
        ("Q{#" + "9" * 500 + "}", Code.INVALID, 4, "not a number"),
        ("Q{#1_000}", Code.INVALID, 4, "not a number"),
        ("Q{#٣}", Code.INVALID, 4, "not a number"),
        ("Q{#3,14}", Code.INVALID, 4, "“3,14” is not a number"),
        ("Q{#3:x}", Code.INVALID, 4, "not a number"),
        ("Q{#3:-1}", Code.INVALID, 4, "tolerance is negative"),
        ("Q{#5..1}", Code.INVALID, 4, "ends before it begins"),
        ("Q{#..5}", Code.INVALID, 4, "not a number"),
        ("Q{#=*}", Code.UNSUPPORTED, 5, "any number at all"),
        ("Q{#=%0%*}", Code.NO_KEY, 4, "no answer earns"),
        ("Q{#3 =4}", Code.SYNTAX, 4, "no = introduces"),
        ("Q{#=3 ~4}", Code.SYNTAX, 8, "not by ~"),
        ("Q\x00{T}", Code.INVALID, 2, "U+0000"),
        ("Q\ud800{T}", Code.INVALID, 2, "U+D800"),
    ],
)
def test_a_question_that_is_wrong_is_refused_with_its_place(
    text: str, code: Code, column: int, message: str
) -> None:
    problem = refusal(text)
    assert (problem.code, problem.column) == (code, column)
    assert message in problem.message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("::" + "t" * (limits.TITLE + 1) + "::Q{T}", "the title"),
        ("q" * (limits.QUESTION + 1) + "{T}", "the question's text"),
        ("Q{=a ~" + "b" * (limits.OPTION + 1) + "}", "choice 2"),
        ("Q{=" + "b" * (limits.OPTION + 1) + "}", "answer 1"),
        ("Q{=a -> b =c -> " + "d" * (limits.OPTION + 1) + "}", "the right side of pair 2"),
        ("Q{####" + "b" * (limits.FEEDBACK + 1) + "}", "the feedback"),
        ("// [id:" + "i" * (limits.EXTERNAL_ID + 1) + "]\nQ{T}", "the id"),
        ("// [tag:" + "i" * (limits.LABEL + 1) + "]\nQ{T}", "a tag"),
    ],
)
def test_what_is_too_long_is_refused(text: str, message: str) -> None:
    problem = refusal(text)
    assert problem.code is Code.TOO_LARGE
    assert problem.message.startswith(message)


def test_what_is_just_not_too_long_is_read() -> None:
    assert stem(gift("q" * limits.QUESTION + "{=" + "a" * limits.OPTION + "}").drafts[0]) == "q" * limits.QUESTION


@pytest.mark.parametrize(("opening", "answer"), [("", "~1"), ("", "=1"), ("#", "=1"), ("", "=1->1")])
def test_too_many_answers_are_refused(opening: str, answer: str) -> None:
    assert refusal(f"Q{{{opening}{answer * (limits.ANSWERS + 1)}}}").code is Code.TOO_MANY


def test_a_file_that_is_too_long_is_refused_whole() -> None:
    assert refusal("a" * (limits.FILE + 1)).code is Code.TOO_LARGE


def test_reading_stops_after_more_questions_than_a_file_may_hold() -> None:
    read = gift("Q{T}\n\n" * (limits.QUESTIONS + 2))
    assert len(read.drafts) == limits.QUESTIONS
    assert [(problem.line, problem.code) for problem in read.problems] == [
        (2 * limits.QUESTIONS + 1, Code.TOO_MANY)
    ]


def test_every_question_is_reported_and_reading_goes_on_after_each() -> None:
    read = gift("::One::Good{T}\n\n::Two::Bad{\n=a\n\n~b}\n\n::Three::Q{#x}\n\n::Four::Good{F}")
    assert [draft.title for draft in read.drafts] == ["One", "Four"]
    assert [(problem.line, problem.title) for problem in read.problems] == [(3, "Two"), (6, None), (8, "Three")]


def test_a_problem_inside_a_question_has_the_line_of_its_answer() -> None:
    problem = refusal("// comment\n::T::Which\none? {\n  =a\n  // comment\n  ~%200%b\n}")
    assert (problem.line, problem.column, problem.title) == (6, 4, "T")


def test_an_id_used_twice_in_a_category_is_refused() -> None:
    read = gift("// [id:1]\na{T}\n\n// [id:1]\nb{T}")
    (problem,) = read.problems
    assert (problem.code, problem.line) == (Code.ALREADY_EXISTS, 5)
    assert "line 2" in problem.message


@pytest.mark.parametrize("comment", ["[id:a\x01]", "[tag:\ud800]"])
def test_an_id_or_a_tag_is_text(comment: str) -> None:
    assert refusal(f"// {comment}\nQ{{T}}").code is Code.INVALID


@pytest.mark.parametrize("name", ["a\x02b", "c" * (limits.TOPIC + 1)])
def test_a_category_is_text_of_bounded_length(name: str) -> None:
    read = gift(f"Q{{T}}\n\n$CATEGORY: {name}\n")
    assert [(problem.line, problem.code) for problem in read.problems] == [(3, Code.INVALID)]


def test_feedback_to_single_answers_is_lost_and_said_so_by_line() -> None:
    assert losses("Q{\n=a#yes\n~b#no\n~c#\n}") == [
        (2, "FEEDBACK", "feedback to choice 1"),
        (3, "FEEDBACK", "feedback to choice 2"),
    ]
    assert losses("Q{T#no#yes}") == [
        (1, "FEEDBACK", "feedback to a wrong answer"),
        (1, "FEEDBACK", "feedback to a right answer"),
    ]
    assert losses("Q{#=3#yes\n~#no}") == [
        (2, "FEEDBACK", "feedback to a wrong number"),
        (1, "FEEDBACK", "feedback to number 1"),
    ]
    assert losses("Q{=a->b#yes =c->d}") == [(1, "FEEDBACK", "feedback to pair 1")]
    assert losses("Q{=a#yes}") == [(1, "FEEDBACK", "feedback to answer 1")]


def test_a_description_is_lost_and_said_so() -> None:
    found = loss("::Intro::Use your pencil.")
    assert (found.line, found.code, found.title) == (1, LossCode.DESCRIPTION, "Intro")


def test_html_without_a_counterpart_is_lost_and_said_so() -> None:
    assert losses(r'[html]<p class\="x">See <img src\="a.png"></p>{=<u>a</u>}') == [
        (1, "HTML", "the question's text: HTML elements img"),
        (1, "HTML", "the question's text: HTML attributes class"),
        (1, "HTML", "answer 1: HTML elements u"),
    ]


def test_feedback_that_holds_only_an_image_is_lost_and_said_so() -> None:
    text = r'[html]Why?{####<img src\="a.png">}'
    assert losses(text) == [(1, "HTML", "the feedback: HTML elements img")]
    assert gift(text).drafts[0].feedback is None


def test_plain_text_that_markdown_would_read_otherwise_is_noted() -> None:
    assert loss("[plain]2*3*4?{#24}").code is LossCode.TEXT_FORMAT
    assert losses("[plain]Two times three?{#6}") == []


def test_weights_that_are_not_full_marks_in_all_are_noted() -> None:
    assert losses("Q{~%50%a ~%30%b ~c}") == [
        (1, "WEIGHTS", "the right choices are worth 80 % together, not 100 %")
    ]
    assert losses("Q{~%33.33333%a ~%33.33333%b ~%33.33333%c}") == []
    assert losses("Q{=%50%a}") == [(1, "WEIGHTS", "no answer earns full marks")]


def test_an_id_that_stands_by_no_question_is_noted() -> None:
    assert loss("// [id:1]\n\nQ{T}").code is LossCode.UNATTACHED
    assert losses("// a heading\n\nQ{T}") == []


def test_a_formula_that_the_escapes_have_cut_is_noted() -> None:
    assert loss(r"Is $a \neq b$?{T}").code is LossCode.FORMULA
    assert losses(r"Is $a \\neq b$?{T}") == []
    assert losses(r"Costs $3\nnot much?{T}") == []


def test_losses_are_counted_by_code() -> None:
    read = gift("Q{=a#x ~b#y}\n\nOnly a text.")
    assert read.lost() == {LossCode.FEEDBACK: 2, LossCode.DESCRIPTION: 1}
