"""GIFT files of another project, compared with what its own parser reads in them.

The files are not part of this one: they are looked for beside the repository; without them the tests are skipped.

Where we differ on purpose, for every file:
- text is kept as Markdown, so HTML is compared by its words, and blanks by their being there;
- a blank to fill stands where the braces stood, without the blank that the other parser puts after it;
- feedback to single answers is noted as lost, and a description, which asks nothing, too;
- `weight` of `=` without a percentage is full marks there and here, but a text or number with `%0%` is
  "correct" there and earns nothing here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from fractions import Fraction
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from gift_reading import columns, correct, gift, numbers, options, pairs, stem, texts, weights

from tp.domain.exchange.gift.labels import topic
from tp.domain.exchange.imported import Draft, LossCode
from tp.domain.question import QuestionType

FOLDER = Path(__file__).parents[3].parent / "shared" / "data" / "gift"
FILES = sorted(FOLDER.glob("*.gift"))
LOST_IMAGES = {
    ("multiLineFeedback1.gift", "06- création d'instance"): "its feedback is one image, whose file is not sent"
}

pytestmark = pytest.mark.skipif(not FILES, reason="the GIFT example files are not beside the repository")

Expected = dict[str, Any]


@pytest.mark.parametrize("path", FILES or [None], ids=[path.stem for path in FILES] or ["none"])
def test_a_file_means_what_another_parser_reads_in_it(path: Path) -> None:
    read = gift(path.read_text(encoding="utf-8"))
    expected: list[Expected] = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    assert read.problems == ()
    descriptions = [loss for loss in read.losses if loss.code is LossCode.DESCRIPTION]
    assert [loss.title for loss in descriptions] == [q["title"] for q in expected if q["type"] == "Description"]
    categories = [topic(q["title"]) for q in expected if q["type"] == "Category"]
    assert list(read.topics) == categories
    questions = [q for q in expected if q["type"] not in ("Description", "Category")]
    assert len(read.drafts) == len(questions)
    for draft, question in zip(read.drafts, questions, strict=True):
        compare_whole(path.name, draft, question)
        COMPARISONS[question["type"]](draft, question)
    lost = sum(loss.code is LossCode.FEEDBACK for loss in read.losses)
    assert lost == sum(len(list(feedbacks(question))) for question in questions)


def compare_whole(file: str, draft: Draft, question: Expected) -> None:
    assert draft.title == question["title"]
    assert words(stem(draft)) == words(question["stem"]["text"])
    assert draft.external_id == question["id"]
    assert draft.tags.labels == tuple(question["tags"] or ())
    feedback = question["globalFeedback"]
    if (file, draft.title) in LOST_IMAGES:
        assert draft.feedback is None
    else:
        assert words(draft.feedback["en"] if draft.feedback else "") == words(feedback["text"] if feedback else "")


def compare_choice(draft: Draft, question: Expected) -> None:
    choices = question["choices"]
    several = not any(choice["isCorrect"] for choice in choices)
    assert draft.content.type is (QuestionType.MULTIPLE_CHOICE if several else QuestionType.SINGLE_CHOICE)
    assert [words(option) for option in options(draft)] == [words(choice["text"]["text"]) for choice in choices]
    right = [c for c in choices if c["isCorrect"] or (several and (c["weight"] or 0) > 0)]
    assert [words(option) for option in correct(draft)] == [words(choice["text"]["text"]) for choice in right]
    weighted = any(choice["weight"] is not None for choice in choices)
    expected = {c["text"]["text"]: share(c, full=c["isCorrect"]) for c in choices if share(c, full=c["isCorrect"])}
    assert weights(draft) == (expected if weighted else {})


def compare_truth(draft: Draft, question: Expected) -> None:
    assert draft.content.type is QuestionType.SINGLE_CHOICE
    assert options(draft) == ["True", "False"]
    assert correct(draft) == [str(question["isTrue"])]


def compare_texts(draft: Draft, question: Expected) -> None:
    expected = [(" ".join(c["text"]["text"].split()), share(c, full=True)) for c in question["choices"]]
    assert texts(draft) == expected


def compare_numbers(draft: Draft, question: Expected) -> None:
    choices = question["choices"]
    if isinstance(choices, dict):
        choices = [{"text": choices, "weight": None}]
    found = [(Fraction(low), Fraction(high), fraction) for low, high, fraction in numbers(draft)]
    assert found == [(*bounds(choice["text"]), share(choice, full=True)) for choice in choices]


def compare_pairs(draft: Draft, question: Expected) -> None:
    matched = [(pair["subquestion"]["text"], pair["subanswer"]) for pair in question["matchPairs"]]
    assert pairs(draft) == [pair for pair in matched if pair[0]]
    assert columns(draft) == list(dict.fromkeys(right for _, right in matched))


def compare_essay(draft: Draft, question: Expected) -> None:
    assert draft.content.type is QuestionType.ESSAY


COMPARISONS = {
    "MC": compare_choice,
    "TF": compare_truth,
    "Short": compare_texts,
    "Numerical": compare_numbers,
    "Matching": compare_pairs,
    "Essay": compare_essay,
}


def words(text: str) -> str:
    """The text without markup and without blanks."""
    text = unescape(re.sub(r"</?[a-z][^<>]*>", "", text))
    return re.sub(r"[\s\xa0*`]", "", text)


def share(choice: Expected, *, full: bool) -> Fraction:
    weight = choice["weight"]
    return Fraction(str(weight)) / 100 if weight is not None else Fraction(int(full))


def bounds(number: Expected) -> tuple[Fraction, Fraction]:
    def exact(name: str) -> Fraction:
        return Fraction(str(number[name]))

    if number["type"] == "high-low":
        return exact("numberLow"), exact("numberHigh")
    margin = exact("range") if number["type"] == "range" else Fraction(0)
    return exact("number") - margin, exact("number") + margin


def feedbacks(question: Expected) -> Iterator[str]:
    """The feedbacks to single answers."""
    yield from (question[name]["text"] for name in ("trueFeedback", "falseFeedback") if question.get(name))
    choices = question.get("choices") or []
    yield from (
        choice["feedback"]["text"] for choice in choices if isinstance(choice, dict) and choice["feedback"]
    )
