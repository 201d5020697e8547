"""A paper in the order in which one student sees it.

Things are put in the order of a keyed digest: BLAKE2b of the seed, the place and the thing's id. So the order is
uniform over seeds, the same for ever, and independent of Python's version, of the author's order, and of what
else is shuffled. Changing `_ranked` would change the papers of attempts under way.
"""

from __future__ import annotations

from collections.abc import Collection
from hashlib import blake2b
from itertools import count

from tp.domain.paper import ArrangedPaper, Paper, PaperQuestion, PaperSection
from tp.domain.question import Content


def arrange(paper: Paper, seed: int, *, questions: bool, options: bool) -> Paper:
    """Return the paper as `seed` shuffles it.

    Questions move within their section, those that share a passage together and in their order; numbers follow
    the shown order. Options of choice and order questions and the columns of a matrix move; its rows stay.
    """
    if not questions and not options:
        return paper
    number = count(1)
    sections = []
    for section in paper.sections:
        shown = _questions(section, seed) if questions else section.questions
        placed = tuple(
            PaperQuestion(
                id=question.id,
                version=question.version,
                number=next(number),
                content=_content(question, seed) if options else question.content,
                passage_id=question.passage_id,
                rule=question.rule,
            )
            for question in shown
        )
        sections.append(section.model_copy(update={"questions": placed}))
    return ArrangedPaper(
        test_id=paper.test_id,
        version=paper.version,
        title=paper.title,
        instructions=paper.instructions,
        sections=tuple(sections),
        passages=paper.passages,
    )


def _questions(section: PaperSection, seed: int) -> tuple[PaperQuestion, ...]:
    together: dict[str, list[PaperQuestion]] = {}
    for question in section.questions:
        block = f"q:{question.id}" if question.passage_id is None else f"p:{question.passage_id}"
        together.setdefault(block, []).append(question)
    return tuple(question for block in _ranked(seed, section.id, together) for question in together[block])


def _content(question: PaperQuestion, seed: int) -> Content:
    content = question.content
    if not content.options and not content.columns:
        return content
    options, columns = (
        _ranked(seed, question.id, [option.id for option in some]) for some in (content.options, content.columns)
    )
    return content.in_order(tuple(options), tuple(columns))


def _ranked(seed: int, place: str, ids: Collection[str]) -> list[str]:
    """Return ids in the order of BLAKE2b over `seed`, `place` and the id, a line each."""
    if not ids:
        return []
    begun = blake2b(f"{seed}\n{place}\n".encode(), digest_size=16)

    def rank(id_: str) -> bytes:
        digest = begun.copy()
        digest.update(id_.encode())
        return digest.digest()

    return sorted(ids, key=rank)
