"""Types whose values never change: what is made of them for one request serves the next.

A key names a value with everything that its fields depend on, and its tenant. The fields below depend on nothing
else: not on who asks, nor on when; whether somebody may ask is decided before anything is executed.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Any

from tp.domain.paper import ArrangedPaper, Paper

KeyOf = Callable[[Any, Any], Hashable | None]


def paper_key(paper: Paper, context: Any) -> Hashable | None:
    """Return the key of a paper as it was published; of one in an attempt's own order, which few see, none."""
    if isinstance(paper, ArrangedPaper):
        return None
    return context.scope.store.name, paper.test_id, paper.version


FROZEN: Mapping[str, KeyOf] = {"Paper": paper_key}
