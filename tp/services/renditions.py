"""What a paper's texts look like: rendered once, when it is frozen, and kept beside it.

So an exam looks alike on all days and in all processes, whatever renderer they have, and a student's paper costs
no rendering.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import Final

from store.port import Namespace
from tp.domain.paper import Paper
from tp.domain.problem import Code, Problem
from tp.domain.texts import Text, texts_of_paper
from tp.errors import NotFound, Refused
from tp.rendering.renderer import Renderer
from tp.rendering.rendition import Rendition
from tp.services.published import FrozenCache
from tp.tables import RENDITIONS, version_id

MOST_CHARACTERS: Final = 8_000_000
"""Of the HTML of one paper."""

_KEPT: Final = 64


class Renditions:
    def __init__(self) -> None:
        self._renderer = Renderer()
        self._frozen: FrozenCache[Rendition] = FrozenCache(RENDITIONS, _KEPT)

    def html(self, text: str) -> str:
        """Return one text as HTML."""
        return self._renderer.render(text).html

    async def made(self, paper: Paper) -> Rendition:
        """Render a paper that is being frozen. Raises Refused (TOO_LARGE)."""
        return await asyncio.to_thread(self._made, paper)

    async def of(self, store: Namespace, paper: Paper) -> Mapping[str, str]:
        """Return the HTML of a paper's texts; nothing for a paper that is older than renditions are."""
        id = version_id(paper.test_id, paper.version)
        try:
            rendition = await self._frozen.get(store, id)
        except NotFound:
            rendition = self._frozen.hold(store, id, Rendition.of(paper.test_id, paper.version, {}))
        return rendition.html

    async def faults(self, texts: Iterable[Text]) -> list[Problem]:
        """Return what would not be shown as it was meant."""
        return await asyncio.to_thread(self._faults, list(texts))

    def _faults(self, texts: list[Text]) -> list[Problem]:
        return [
            Problem(Code.NOT_RENDERED, path, fault)
            for path, text in texts
            for fault in self._renderer.render(text).faults
        ]

    def _made(self, paper: Paper) -> Rendition:
        html = {text: self.html(text) for _, text in texts_of_paper(paper)}
        size = sum(map(len, html.values()))
        if size > MOST_CHARACTERS:
            told = f"rendered, the paper has {size} characters; at most {MOST_CHARACTERS}"
            raise Refused.because(Code.TOO_LARGE, ("testId",), told)
        return Rendition.of(paper.test_id, paper.version, html)
