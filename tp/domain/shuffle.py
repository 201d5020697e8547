"""A paper in the order in which one student sees it.

Things are put in the order of a keyed digest: BLAKE2b of the seed, the place and the thing's id. So the order is
uniform over seeds, the same for ever, and independent of Python's version, of the author's order, and of what
else is shuffled. Changing `_rank` would change the papers of attempts under way.
"""

from __future__ import annotations

from hashlib import blake2b
from itertools import count

from tp.domain.paper import Paper, PaperQuestion, PaperSection
from tp.domain.question import Content, Option


def arrange(paper: Paper, seed: int, *, questions: bool, options: bool) -> Paper:
    """Return the paper as `seed` shuffles it.

    Questions move within their section, those that share a passage together and in their order; numbers follow
    the shown order. Options of choice and order questions and the columns of a matrix move; its rows stay.
    """
    number = count(1)
    sections = []
    for section in paper.sections:
        shown = _questions(section, seed) if questions else section.questions
        sections.append(
            section.model_copy(
                update={
                    "questions": tuple(
                        question.model_copy(
                            update={
                                "number": next(number),
                                "content": _content(question, seed) if options else question.content,
                            }
                        )
                        for question in shown
                    )
                }
            )
        )
    return paper.model_copy(update={"sections": tuple(sections)})


def _questions(section: PaperSection, seed: int) -> tuple[PaperQuestion, ...]:
    together: dict[str, list[PaperQuestion]] = {}
    for question in section.questions:
        block = f"q:{question.id}" if question.passage_id is None else f"p:{question.passage_id}"
        together.setdefault(block, []).append(question)
    order = sorted(together, key=lambda block: _rank(seed, section.id, block))
    return tuple(question for block in order for question in together[block])


def _content(question: PaperQuestion, seed: int) -> Content:
    content = question.content
    return content.model_copy(
        update={
            "options": _options(content.options, question.id, seed),
            "columns": _options(content.columns, question.id, seed),
        }
    )


def _options(options: tuple[Option, ...], question_id: str, seed: int) -> tuple[Option, ...]:
    return tuple(sorted(options, key=lambda option: _rank(seed, question_id, option.id)))


def _rank(seed: int, place: str, id_: str) -> bytes:
    return blake2b(f"{seed}\n{place}\n{id_}".encode(), digest_size=16).digest()
