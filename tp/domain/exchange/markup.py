"""Text of any format as the Markdown that the platform keeps."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from tp.domain.exchange.html_markdown import HtmlToMarkdown
from tp.domain.exchange.html_tokens import Text, tokens
from tp.domain.exchange.kept import Kept, decode, inert

_ONE_BREAK = re.compile(r"(?<!\n)(?<!  )\n(?!\n)")
_MANY_BREAKS = re.compile("\n{3,}")
MARKDOWN_SIGNS = re.compile(r"[*_`\[\]<>#|]")


class TextFormat(StrEnum):
    """The formats that Moodle names. `MOODLE` is its default: text in which HTML may stand and line ends count."""

    MOODLE = "moodle"
    HTML = "html"
    MARKDOWN = "markdown"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Converted:
    """A text as Markdown, and the names of the HTML elements and attributes that it lost."""

    text: str
    elements: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()


def to_markdown(text: str, form: TextFormat) -> Converted:
    """Convert `text`, which must hold no lone surrogate, in time linear in its length.

    No tag survives, in no format: what has a counterpart is converted, what is not HTML is kept as inert text.
    """
    kept = Kept()
    if form is TextFormat.MARKDOWN:
        text = kept.code(text)
    if form is TextFormat.MOODLE:
        text = kept.tex_formulas(text)
    if form is not TextFormat.HTML:
        text = kept.formulas(text)
    if form is TextFormat.PLAIN:
        return Converted(kept.restore(_hard_breaks(inert(text))).strip())
    html = HtmlToMarkdown(kept, strict=form is TextFormat.HTML)
    text = html.convert(text)
    if form is TextFormat.MOODLE:
        text = _hard_breaks(text)
    return Converted(kept.restore(text).strip(), tuple(sorted(html.elements)), tuple(sorted(html.attributes)))


def to_plain(html: str) -> Converted:
    """Strip the tags of an HTML text that is compared, not shown."""
    parts = list(tokens(html, strict=True))
    text = "".join(decode(part.text) if isinstance(part, Text) else " " for part in parts)
    names = {part.name for part in parts if not isinstance(part, Text)}
    return Converted(" ".join(text.split()), tuple(sorted(names)))


def _hard_breaks(text: str) -> str:
    """Make each single line end a line break of Markdown."""
    return _MANY_BREAKS.sub("\n\n", _ONE_BREAK.sub("  \n", text))
