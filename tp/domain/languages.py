"""Whether a test is whole in every language in which it is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tp.domain.placing import Path, Questions, placements
from tp.domain.problem import Code, Problem
from tp.domain.question import Passage
from tp.domain.test import Test
from tp.domain.value import Localized


def check_languages(test: Test, questions: Questions, passages: Mapping[str, Passage]) -> list[Problem]:
    """Every text must be there in every language in which any text of the paper is."""
    texts: dict[Path, Iterable[Localized]] = {}
    seen: set[str] = set()
    for path, _, placement in placements(test):
        question = questions.get((placement.question_id, placement.version))
        if question is None:
            continue
        content = question.content
        listed = (*content.options, *content.rows, *content.columns)
        texts[path] = (content.text, *(entry.text for entry in listed))
        passage = passages.get(question.passage_id or "")
        if passage is not None and passage.id not in seen:
            seen.add(passage.id)
            texts[(*path, "passage")] = (passage.text, *((passage.title,) if passage.title else ()))
    languages = {language for group in texts.values() for text in group for language in text}
    return [
        Problem(Code.LANGUAGE_MISSING, path, f"not every text is there in {language}")
        for path, group in texts.items()
        for language in sorted(languages)
        if any(language not in text for text in group)
    ]
