"""Every text that a test shows to its students, each with its place in the test."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from tp.domain.paper import Paper
from tp.domain.placing import Path, Questions, placements
from tp.domain.question import Content, Passage
from tp.domain.test import Test
from tp.domain.value import Localized

Placed = tuple[Path, Content, str | None]
"""The place of a question, what is shown of it, and the id of its passage."""

Text = tuple[Path, str]


def texts_of_draft(test: Test, questions: Questions, passages: Mapping[str, Passage]) -> Iterator[Text]:
    """Yield the texts of a test as it would be published now; what is missing has none."""
    found = ((path, questions.get((placed.question_id, placed.version))) for path, _, placed in placements(test))
    asked = ((path, question.content, question.passage_id) for path, question in found if question is not None)
    return _texts(test.instructions, asked, passages)


def texts_of_paper(paper: Paper) -> Iterator[Text]:
    """Yield the texts of a paper, at the places that they have in its test."""
    asked = (
        (("sections", index, "questions", place), question.content, question.passage_id)
        for index, section in enumerate(paper.sections)
        for place, question in enumerate(section.questions)
    )
    return _texts(paper.instructions, asked, {passage.id: passage for passage in paper.passages})


def _texts(instructions: str | None, asked: Iterable[Placed], passages: Mapping[str, Passage]) -> Iterator[Text]:
    if instructions:
        yield ("instructions",), instructions
    seen: set[str] = set()
    for path, content, passage_id in asked:
        yield from _languages(content.text, (*path, "text"))
        for name in ("options", "rows", "columns"):
            for place, option in enumerate(getattr(content, name)):
                yield from _languages(option.text, (*path, name, place, "text"))
        passage = passages.get(passage_id or "")
        if passage is not None and passage.id not in seen:
            seen.add(passage.id)
            yield from _languages(passage.title or {}, (*path, "passage", "title"))
            yield from _languages(passage.text, (*path, "passage", "text"))


def _languages(texts: Localized, path: Path) -> Iterator[Text]:
    for language, text in texts.items():
        yield (*path, language), text
