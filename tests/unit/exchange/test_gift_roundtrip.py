"""Whatever a writer of GIFT writes is read back, and whatever is not GIFT is reported."""

from __future__ import annotations

import pytest
from gift_reading import columns, correct, gift, numbers, options, pairs, stem, texts, weights
from gift_writing import Answers, Choices, Essay, Numbers, Pairs, Texts, Truth, Written, fraction, written
from growth import LINEAR, growth
from hypothesis import given
from hypothesis import strategies as st

from tp.domain.exchange.imported import Draft
from tp.domain.question import QuestionType

SIGNS = st.text(alphabet="abcXYZ019 ~=#{}:\\,.;!?()/%+-éनम", min_size=1, max_size=30)
"""Without `<`, `&`, `$`, a backtick, which mean something to Markdown, and `[`, which may open a format's name."""
ONE_LINE = SIGNS.map(lambda text: " ".join(text.split())).filter(
    lambda text: bool(text.strip()) and "->" not in text
)
CHOICES = ONE_LINE.filter(lambda text: not text.startswith("%"))
"""A text that begins with a percent sign may read as a weight: GIFT has no escape for it."""
WORDS = st.text(alphabet="abc xyz019.,!?()é", min_size=1).map(lambda text: " ".join(text.split())).filter(bool)
STEMS = st.lists(ONE_LINE, min_size=1, max_size=3).map("\n".join)
NAMES = st.text(alphabet="abc-_019", min_size=1, max_size=10)
INTEGERS = st.decimals(-1000, 1000, places=2, allow_nan=False).map(abs)


def two_or_more(strategy: st.SearchStrategy[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(strategy, min_size=2, max_size=5, unique=True)


@st.composite
def single_choices(draw: st.DrawFn) -> Choices:
    found = draw(two_or_more(CHOICES))
    right = draw(st.integers(0, len(found) - 1))
    shares = st.one_of(st.none(), st.integers(-99, 99))
    return Choices([(text, n == right, None if n == right else draw(shares)) for n, text in enumerate(found)])


@st.composite
def multiple_choices(draw: st.DrawFn) -> Choices:
    first, *rest = draw(two_or_more(CHOICES))
    shares = st.one_of(st.none(), st.integers(-100, 100))
    return Choices([(first, False, draw(st.integers(1, 100))), *((text, False, draw(shares)) for text in rest)])


@st.composite
def number_ranges(draw: st.DrawFn) -> Numbers:
    ends = [sorted((draw(INTEGERS), draw(INTEGERS))) for _ in range(draw(st.integers(1, 3)))]
    return Numbers([(str(low), str(high), draw(st.sampled_from([None, 50, 100]))) for low, high in ends])


ACCEPTED = st.lists(st.tuples(WORDS, st.sampled_from([None, 1, 25, 100])), min_size=1, max_size=4).map(Texts)
MATCHES = st.lists(st.tuples(ONE_LINE, ONE_LINE), min_size=2, max_size=4).map(Pairs)
ANSWERS: st.SearchStrategy[Answers] = st.one_of(
    single_choices(),
    multiple_choices(),
    number_ranges(),
    ACCEPTED,
    MATCHES,
    st.booleans().map(Truth),
    st.just(Essay()),
)
QUESTIONS = st.builds(
    Written,
    title=st.none() | ONE_LINE,
    stem=STEMS,
    answers=ANSWERS,
    feedback=st.none() | STEMS,
    external_id=st.none(),
    labels=st.lists(NAMES, max_size=3, unique=True).map(tuple),
)


@given(st.lists(QUESTIONS, max_size=5))
def test_what_is_written_is_read_back(questions: list[Written]) -> None:
    read = gift("\n".join(written(question) for question in questions))
    assert read.problems == ()
    assert len(read.drafts) == len(questions)
    for draft, question in zip(read.drafts, questions, strict=True):
        assert (draft.title, stem(draft), draft.tags.labels) == (question.title, question.stem, question.labels)
        assert draft.feedback == (None if question.feedback is None else {"en": question.feedback})
        same_answers(draft, question.answers)


def same_answers(draft: Draft, answers: Answers) -> None:
    match answers:
        case Choices(choices):
            same_choices(draft, choices)
        case Texts(found):
            assert texts(draft) == [(text, fraction(weight, otherwise=1)) for text, weight in found]
        case Numbers(ranges):
            assert numbers(draft) == [
                (plain(low), plain(high), fraction(weight, otherwise=1)) for low, high, weight in ranges
            ]
        case Pairs(expected):
            assert pairs(draft) == expected
            assert columns(draft) == list(dict.fromkeys(right for _, right in expected))
        case Truth(true):
            assert correct(draft) == [str(true)]
        case Essay():
            assert draft.content.type is QuestionType.ESSAY


def same_choices(draft: Draft, choices: list[tuple[str, bool, int | None]]) -> None:
    shares = {text: fraction(weight, otherwise=right) for text, right, weight in choices}
    single = any(right for _, right, _ in choices)
    assert options(draft) == [text for text, _, _ in choices]
    assert correct(draft) == [text for text, share in shares.items() if (share == 1 if single else share > 0)]
    partial = not single or any(share not in (0, 1) for share in shares.values())
    assert weights(draft) == ({text: share for text, share in shares.items() if share} if partial else {})


def plain(number: str) -> str:
    return "0" if float(number) == 0 else number


PIECES = ["{", "}", "=", "~", "#", "####", "->", "::", ":", "..", "%50%", "%", "\\", "\\n", "//", "[id:1]",
          "[tag:", "]", "[html]", "$CATEGORY:", "$", "T", "1", "*", "a", " ", "\n", "\n\n", "\r\n", "\ufeff",
          "<b>", "</b>", "&lt;", "\x00", "\ud800", "\udcff", "\udd000\udd01", "NaN", "1e400"]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_garbage_is_reported_and_never_raises(text: str) -> None:
    read = gift(text)
    lines = text.count("\n") + text.count("\r") + 1
    assert all(1 <= problem.line <= lines and problem.message for problem in read.problems)
    assert all(1 <= loss.line <= lines for loss in read.losses)
    for draft in read.drafts:
        assert draft.content.text["en"]
        shown = (*draft.content.options, *draft.content.rows, *draft.content.columns)
        assert all(option.text["en"] for option in shown)


@given(st.text(max_size=200))
def test_any_text_is_read_or_reported(text: str) -> None:
    gift(text)


@pytest.mark.parametrize(
    "text",
    ["{", "}", "\\", "::", "Q{T}\n\n", "Q{T} ", "Q{", "// [id:", "// [tag:a]", "=a", "~", "Q{" + "=a#" * 9, "\n",
     " ", "a ", "$CATEGORY: a\n", "Q{=a ~b\n\n", "// c\n"],
)  # fmt: skip
def test_work_is_linear_in_the_length(text: str) -> None:
    def read(length: int) -> None:
        gift(text * (length // len(text)))
        gift("Q{" + text * (length // len(text)) + "}")

    assert growth(read, 1_000) < LINEAR
