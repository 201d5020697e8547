"""What each kind of GIFT question becomes."""

from __future__ import annotations

from fractions import Fraction

import pytest
from gift_reading import columns, correct, gift, numbers, options, pairs, question, stem, texts, weights

from tp.domain.marking import Partial
from tp.domain.question import EssayKey, QuestionType

HALF = Fraction(1, 2)


def test_a_choice_with_one_right_answer_is_a_single_choice() -> None:
    draft = question("Who's buried in Grant's tomb?{~Grant ~Jefferson =no one}")
    assert draft.content.type is QuestionType.SINGLE_CHOICE
    assert options(draft) == ["Grant", "Jefferson", "no one"]
    assert correct(draft) == ["no one"]
    assert weights(draft) == {}
    assert draft.partial is Partial.NONE


def test_a_choice_with_several_right_answers_accepts_any_of_them() -> None:
    draft = question("A season? {=spring =summer ~easter}")
    assert draft.content.type is QuestionType.SINGLE_CHOICE
    assert correct(draft) == ["spring", "summer"]


def test_percentages_of_a_single_choice_are_weights() -> None:
    draft = question("Difficult.{~wrong ~%50%half =full}")
    assert correct(draft) == ["full"]
    assert weights(draft) == {"half": HALF, "full": 1}
    assert draft.partial is Partial.WEIGHTED


def test_an_explicit_percentage_wins_over_the_equals_sign() -> None:
    draft = question("Q{=%50%half =%100%full ~none}")
    assert correct(draft) == ["full"]
    assert weights(draft) == {"half": HALF, "full": 1}


def test_a_choice_without_an_equals_sign_is_a_multiple_choice() -> None:
    draft = question("Which two? {~%-50%No one ~%50%Grant ~% 50 %Grant's wife ~nobody}")
    assert draft.content.type is QuestionType.MULTIPLE_CHOICE
    assert correct(draft) == ["Grant", "Grant's wife"]
    assert weights(draft) == {"No one": -HALF, "Grant": HALF, "Grant's wife": HALF}
    assert draft.partial is Partial.WEIGHTED


@pytest.mark.parametrize(
    ("percent", "share"),
    [
        ("33.33333", Fraction(1, 3)),
        ("66.67", Fraction(2, 3)),
        ("16.66667", Fraction(1, 6)),
        ("14.2857143", Fraction(1, 7)),
        ("12.5", Fraction(1, 8)),
        ("33.3", Fraction(333, 1000)),
        ("50.", HALF),
        ("17.21", Fraction(1721, 10000)),
    ],
)
def test_rounded_percentages_are_the_fractions_that_they_round(percent: str, share: Fraction) -> None:
    assert weights(question(f"Q{{~%{percent}%a =b}}"))["a"] == share


def test_a_percent_sign_that_frames_no_number_is_text() -> None:
    assert options(question("Q{=%x%a ~50% b}")) == ["%x%a", "50% b"]


@pytest.mark.parametrize("answer", ["T", "TRUE", "true", " True ", "t"])
def test_truth_is_a_single_choice_of_two(answer: str) -> None:
    draft = question(f"The sun rises in the east.{{{answer}}}")
    assert draft.content.type is QuestionType.SINGLE_CHOICE
    assert options(draft) == ["True", "False"]
    assert correct(draft) == ["True"]


@pytest.mark.parametrize("answer", ["F", "FALSE", "false", "FALSE#no#yes"])
def test_falsehood_is_the_other_of_the_two(answer: str) -> None:
    assert correct(question(f"The sun rises in the west.{{{answer}}}")) == ["False"]


def test_accepted_texts_keep_their_order_and_their_shares() -> None:
    draft = question("Best animal?{=Frog =%50%Cat =%0%*}")
    assert draft.content.type is QuestionType.TEXT
    assert texts(draft) == [("Frog", 1), ("Cat", HALF), ("*", 0)]


def test_one_accepted_text_needs_no_sign() -> None:
    assert texts(question("The word for 1? {One}")) == [("One", 1)]


def test_an_accepted_text_has_no_markup() -> None:
    draft = question("[html]<p>Where?</p>{=<b>New</b>&nbsp;York\n  City =[plain]a<b}")
    assert texts(draft) == [("New York City", 1), ("a<b", 1)]


@pytest.mark.parametrize(
    ("written", "low", "high"),
    [
        ("1822", "1822", "1822"),
        ("-1", "-1", "-1"),
        ("−2.5", "-2.5", "-2.5"),
        ("3.1415:0.0005", "3.1410", "3.1420"),
        ("3 : .5", "2.5", "3.5"),
        ("3:0", "3", "3"),
        ("1..5", "1", "5"),
        ("-5 .. 5", "-5", "5"),
        ("1.5e3", "1500", "1500"),
        ("1e-3:1E-4", "0.0009", "0.0011"),
        ("-0.0", "0", "0"),
        ("+5.", "5", "5"),
        ("12345678901234567890.5:0.000000001", "12345678901234567890.499999999", "12345678901234567890.500000001"),
    ],
)
def test_numbers_are_exact_ranges(written: str, low: str, high: str) -> None:
    draft = question(f"How much? {{#{written}}}")
    assert draft.content.type is QuestionType.NUMERIC
    assert numbers(draft) == [(low, high, 1)]


def test_several_numbers_each_have_their_share() -> None:
    draft = question("When? {#\n  =1822:0\n  =%50%1822:2\n  =%0%*#any other\n  ~#no}")
    assert numbers(draft) == [("1822", "1822", 1), ("1820", "1824", HALF)]


def test_a_match_has_a_row_for_each_left_side_and_each_right_side_once() -> None:
    draft = question("Match. {\n=Canada -> Ottawa\n=Ontario->Ottawa\n=Italy -> Rome\n= -> Paris\n}")
    assert draft.content.type is QuestionType.MATRIX_MATCH
    assert pairs(draft) == [("Canada", "Ottawa"), ("Ontario", "Ottawa"), ("Italy", "Rome")]
    assert columns(draft) == ["Ottawa", "Rome", "Paris"]
    assert draft.partial is Partial.PER_ROW


def test_an_arrow_in_feedback_makes_no_match() -> None:
    assert texts(question("Q{=a#see -> b =c}")) == [("a", 1), ("c", 1)]


def test_empty_braces_are_an_essay() -> None:
    draft = question("Write a biography. {}")
    assert draft.content.type is QuestionType.ESSAY
    assert draft.key == EssayKey()
    assert draft.feedback is None


def test_feedback_to_the_whole_question_is_kept() -> None:
    assert question("Write. {####Well\ndone}").feedback == {"en": "Well done"}
    assert question("Q{=a ~b#no\n####[html]<b>Read</b> on}").feedback == {"en": "**Read** on"}
    assert question("Q{T####}").feedback is None
    assert question("Q{=a####b ####last}").feedback == {"en": "last"}


def test_text_after_the_braces_makes_a_blank_to_fill() -> None:
    assert stem(question("Grant is {~buried =entombed} in Grant's tomb.")) == "Grant is _____ in Grant's tomb."
    assert stem(question("{ =Asia } is the largest.")) == "_____ is the largest."
    assert stem(question("::C:: [html]{=Asia} is <b>large</b>.")) == "_____ is **large**."
    assert stem(question("Two plus two? {=four} \n")) == "Two plus two?"


def test_a_title_stands_between_double_colons() -> None:
    draft = question("::Kanji\\: the\n  origins::Where from? {=China}")
    assert (draft.title, stem(draft)) == ("Kanji: the origins", "Where from?")
    assert question("::::Where from? {=China}").title is None


def test_escaped_signs_are_text() -> None:
    draft = question(r"a\~b\=c\#d\{e\}f\:g\\h\nx \frac{=\~\=\#\{\}\:\\ ~\\n}")
    assert stem(draft) == "a~b=c#d{e}f:g\\h  \nx \\frac"
    assert options(draft) == ["~=#{}:\\", "\\n"]


def test_lines_of_the_file_flow_but_those_of_markdown_stay() -> None:
    assert stem(question("One\n   two\n// not me\nthree{T}")) == "One two three"
    assert stem(question("[markdown]One  \n- two\n// not me\n    - three{T}")) == "One  \n- two\n    - three"
    assert stem(question(r"One\ntwo\n\nthree{T}")) == "One  \ntwo\n\nthree"


def test_brackets_that_name_no_format_are_text() -> None:
    assert stem(question("[2 marks] Why?{}")) == "[2 marks] Why?"
    assert stem(question("[moodle]Why?{}")) == "Why?"


def test_answers_inherit_the_format_of_the_question() -> None:
    draft = question("[html]<i>Which</i>?{=<b>a</b> ~[plain]<b>b</b> ~[markdown]**c**}")
    assert stem(draft) == "*Which*?"
    assert options(draft) == ["**a**", "\\<b>b\\</b>", "**c**"]


def test_a_category_is_the_topic_of_what_follows() -> None:
    read = gift(
        "a{T}\n\n$CATEGORY: $course$/top/Physics/AC//DC\n\nb{T}\n$CATEGORY: top/Chemistry\nc{T}\n\n"
        "$CATEGORY:$system$/top\n\nd{T}\n\n$CATEGORY: Physics/AC//DC\n\ne{T}"
    )
    assert read.problems == ()
    assert [draft.tags.topic for draft in read.drafts] == [
        None, "Physics/AC//DC", "Chemistry", None, "Physics/AC//DC",
    ]  # fmt: skip
    assert read.topics == ("Physics/AC//DC", "Chemistry")


def test_comments_before_a_question_name_its_id_and_tags() -> None:
    draft = question(
        "// question: 7 [id:q\\]7] [tag:easy]\n// [tag: hard ] [tag:easy] [tag:] [id:other] [tag:open\nQ{T}"
    )
    assert draft.external_id == "q]7"
    assert draft.tags.labels == ("easy", "hard")
    assert draft.line == 3


def test_the_same_id_may_stand_in_another_category() -> None:
    read = gift("// [id:1]\na{T}\n\n$CATEGORY: x\n\n// [id:1]\nb{T}")
    assert [draft.external_id for draft in read.drafts] == ["1", "1"]


def test_windows_and_old_line_ends_and_a_byte_order_mark_are_read() -> None:
    read = gift("\ufeff// [id:1]\r\n::One::First\r\nline {T}\r\n \t\r\nSecond{F}\r\rThird{}")
    assert [(draft.line, draft.title, stem(draft)) for draft in read.drafts] == [
        (2, "One", "First line"), (5, None, "Second"), (7, None, "Third"),
    ]  # fmt: skip


def test_options_are_named_by_the_given_factory_and_texts_by_the_language() -> None:
    read = gift("Q{=a ~b}\n\nR{=c ~d}")
    assert [option.id for draft in read.drafts for option in draft.content.options] == ["o1", "o2", "o3", "o4"]


def test_an_empty_file_holds_nothing() -> None:
    read = gift("\n// only a comment\n\n")
    assert (read.drafts, read.problems, read.losses) == ((), (), ())
