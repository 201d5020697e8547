"""Types whose values never change: what is made of them for one request serves the next.

A key names a value with everything that its fields depend on, and its tenant. The fields below depend on nothing
else: not on who asks, nor on when; whether somebody may ask is decided before anything is executed.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from operator import attrgetter
from typing import Any

from tp.domain.paper import ArrangedPaper, Paper, PaperQuestion

KeyOf = Callable[[Any, Any], Hashable | None]


def paper_key(paper: Paper, context: Any) -> Hashable | None:
    """Return the key of a paper as it was published; of one in an attempt's own order, which few see, none."""
    if isinstance(paper, ArrangedPaper):
        return None
    return context.scope.store.name, paper.test_id, paper.version


def question_key(question: PaperQuestion, _: Any) -> Hashable | None:
    """Return what tells the content, which belongs to one question of one paper in one order of its options."""
    return question.content.identity


FROZEN: Mapping[str, KeyOf] = {"Paper": paper_key, "PaperQuestion": question_key}

APART: Mapping[str, Mapping[str, Callable[[Any], Any]]] = {"PaperQuestion": {"number": attrgetter("number")}}
"""Fields that the key of a type leaves open."""
