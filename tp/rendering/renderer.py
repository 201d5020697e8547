"""Markdown as HTML, and what of it could not be shown as it was meant."""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from threading import Lock
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from tp.rendering.cleaning import cleaner
from tp.rendering.mathml import Formulas, NoFormula
from tp.rendering.syntax import FORMULA, add_formulas

KEPT = 2_000
"""How many short texts are kept rendered."""

SHORT = 10_000
LONGEST = 50_000
"""Characters of a text that is kept, and of one that is rendered."""

_QUOTED = 60


@dataclass(frozen=True, slots=True)
class Rendered:
    """`faults`: what is shown otherwise than its author meant it, and why; a sentence each."""

    html: str
    faults: tuple[str, ...] = ()


class Renderer:
    """Renders texts, and keeps those that were short. May be called from several threads."""

    def __init__(self) -> None:
        self._formulas = Formulas()
        self._cleaner = cleaner()
        self._markdown = self._made()
        self._lock = Lock()
        self._kept = lru_cache(maxsize=KEPT)(self._render)

    def render(self, text: str) -> Rendered:
        """Return a text as HTML in which nothing is left that runs, loads or leads elsewhere than to the web."""
        return self._kept(text) if len(text) <= SHORT else self._render(text)

    def _render(self, text: str) -> Rendered:
        if len(text) > LONGEST:
            fault = f"a text of {len(text)} characters is shown as it is written; up to {LONGEST} are set"
            return Rendered(f"<pre>{escape(text)}</pre>", (fault,))
        faults: dict[str, None] = {}
        with self._lock:
            html = self._markdown.render(text, {"faults": faults})
            return Rendered(self._cleaner.clean(html).strip(), tuple(faults))

    def _made(self) -> MarkdownIt:
        markdown = _Markdown("commonmark", {"html": False})
        markdown.enable(["table", "strikethrough"])
        setting = RendererHTML()
        add_formulas(markdown)

        def formula(
            _: object, tokens: Sequence[Token], at: int, options: Any, env: MutableMapping[str, Any]
        ) -> str:
            token = tokens[at]
            try:
                made = self._formulas.mathml(token.content.strip(), apart=token.markup == "$$")
            except NoFormula as fault:
                source = f"{token.markup}{token.content}{token.markup}"
                _note(env, f"the formula {_short(source)} is shown as it is written: {fault.reason}")
                made = f"<code>{escape(source)}</code>"
            return f"<p>{made}</p>\n" if token.block else made

        def image(_: object, tokens: Sequence[Token], at: int, options: Any, env: MutableMapping[str, Any]) -> str:
            token = tokens[at]
            described = setting.renderInlineAsText(token.children or [], options, env)
            _note(env, f"the picture {_short(str(token.attrGet('src')))} is not shown, only its description")
            return escape(described)

        markdown.add_render_rule(FORMULA, formula)
        markdown.add_render_rule("image", image)
        return markdown


class _Markdown(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802
        """Links lead to the web, or are shown as they are written."""
        return url.lower().startswith(("http://", "https://"))


def _note(env: MutableMapping[str, Any], fault: str) -> None:
    env["faults"][fault] = None


def _short(source: str) -> str:
    return source if len(source) <= _QUOTED else source[: _QUOTED - 1] + "…"
