"""HTML as Markdown: what has a counterpart is converted, the rest leaves its text and is named."""

from __future__ import annotations

import re
from collections.abc import Callable

from tp.domain.exchange.html_tokens import Open, Text, tokens
from tp.domain.exchange.kept import Kept, decode, inert

_BREAK = "\udd02"
"""Stands for a line break until blanks are squeezed."""
_TICKS = re.compile("`+")
_BLANKS = re.compile(r"\s+")
_PARAGRAPHS = re.compile(r"(\n\s*\n\s*)")
_MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*"}
_SCRIPTS = {"sub": "_", "sup": "^"}
_FRAMED = frozenset({*_MARKS, *_SCRIPTS, "ul", "ol", "li", "code", "pre"})
_CONVERTED = _FRAMED | {"p", "br"}
_STRUCTURE = "p div h1 h2 h3 h4 h5 h6 hr table tr blockquote section article dl dt dd figure header footer"
_BLOCKS = frozenset(_STRUCTURE.split())
_DEEPEST = 16


class _Frame:
    """An element that is open, and the Markdown of what it holds so far."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.parts: list[str] = []
        self.items: list[str] = []


class HtmlToMarkdown:
    """One conversion. `elements` and `attributes` name what was left behind."""

    def __init__(self, kept: Kept, *, strict: bool) -> None:
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self._kept = kept
        self._strict = strict
        self._frames = [_Frame("")]

    def convert(self, text: str) -> str:
        """Return the Markdown, with tokens of `kept` in it. Squeezes blanks when `strict`, as HTML does."""
        for token in tokens(text, strict=self._strict):
            if isinstance(token, Text):
                self._text(token.text)
            elif isinstance(token, Open):
                self._open(token.name, token.attributes)
            else:
                self._close(token.name)
        while len(self._frames) > 1:
            self._end()
        return self._settle("".join(self._frames[0].parts))

    def _text(self, text: str) -> None:
        text = decode(text).replace("\xa0", " ")
        if self._strict and not self._in_code():
            text = _BLANKS.sub(" ", text)
        self._put(text)

    def _put(self, text: str) -> None:
        self._frames[-1].parts.append(text)

    def _in_code(self) -> bool:
        return self._frames[-1].name in ("code", "pre")

    def _open(self, name: str, attributes: dict[str, str]) -> None:
        if name not in _CONVERTED:
            self.elements.add(name)
        else:
            self.attributes.update(attributes)
        if self._in_code():
            self._put("\n" if name == "br" else "")
        elif name == "br":
            self._put(_BREAK)
        elif name == "img":
            self._put(decode(attributes.get("alt", "")))
        elif name in ("td", "th"):
            self._put(" ")
        elif name in _BLOCKS:
            self._put("\n\n")
        elif name in _FRAMED:
            self._begin(name)

    def _begin(self, name: str) -> None:
        if name == "li":
            self._end_item()
        if len(self._frames) > _DEEPEST:
            self.elements.add(name)
        else:
            self._frames.append(_Frame(name))

    def _end_item(self) -> None:
        """An item that is still open in the same list ends where the next begins."""
        for depth in range(len(self._frames) - 1, 0, -1):
            if self._frames[depth].name in ("ul", "ol"):
                return
            if self._frames[depth].name == "li":
                self._end_from(depth)
                return

    def _close(self, name: str) -> None:
        if name in _BLOCKS:
            self._put("" if self._in_code() else "\n\n")
        for depth in range(len(self._frames) - 1, 0, -1):
            if self._frames[depth].name == name:
                self._end_from(depth)
                return

    def _end_from(self, depth: int) -> None:
        while len(self._frames) > depth:
            self._end()

    def _end(self) -> None:
        frame = self._frames.pop()
        body = "".join(frame.parts)
        if frame.name in ("code", "pre"):
            self._put(self._code(frame.name, body))
        elif frame.name == "li":
            self._item(body)
        elif frame.name in ("ul", "ol"):
            self._list(frame, body)
        elif frame.name in _SCRIPTS:
            self._put(self._script(_SCRIPTS[frame.name], body))
        elif any(_MARKS.get(outer.name) == _MARKS[frame.name] for outer in self._frames):
            self._put(body)
        else:
            mark = _MARKS[frame.name]
            self._put(_by_paragraph(body, lambda text: f"{mark}{text}{mark}"))

    def _code(self, name: str, body: str) -> str:
        longest = max((len(run) for run in _TICKS.findall(body)), default=0)
        if name == "pre":
            fence = "`" * max(3, longest + 1)
            return "\n\n" + self._kept.add(f"{fence}\n{body.strip(chr(10))}\n{fence}") + "\n\n"
        ticks = "`" * (longest + 1)
        pad = " " if longest else ""
        return self._kept.add(f"{ticks}{pad}{' '.join(body.split())}{pad}{ticks}") if body.strip() else body

    def _script(self, mark: str, body: str) -> str:
        """Write an index or exponent as a formula, or as plain text when it holds more than a formula can."""
        core = body.strip()
        if not core:
            return body
        raised = f"{mark}{{{core}}}"
        simple = core.isprintable() and not any(sign in core for sign in "$\\*`")
        return self._kept.formula("$", raised) if simple else raised

    def _item(self, body: str) -> None:
        parent = self._frames[-1]
        text = self._kept.restore(self._settle(body)).strip()
        parent.items.append("\n".join(line for line in text.split("\n") if line.strip()))
        if parent.name not in ("ul", "ol"):
            self._put(self._listed("ul", [parent.items.pop()]))

    def _list(self, frame: _Frame, body: str) -> None:
        if body.strip():
            frame.items.append(self._kept.restore(self._settle(body)).strip())
        self._put(self._listed(frame.name, frame.items))

    def _listed(self, name: str, items: list[str]) -> str:
        lines: list[str] = []
        for number, item in enumerate(items, start=1):
            mark = "- " if name == "ul" else f"{number}. "
            lines.append(mark + item.replace("\n", "\n" + " " * len(mark)))
        return "\n\n" + self._kept.add("\n".join(lines)) + "\n\n" if lines else ""

    def _settle(self, body: str) -> str:
        """Squeeze blanks where HTML does, then make the text safe."""
        if self._strict:
            body = self._kept.formulas(self._kept.tex_formulas(_squeezed(body)))
        return inert(body.replace(_BREAK, "  \n"))


def _squeezed(body: str) -> str:
    body = re.sub(" +", " ", body).replace(_BREAK + " ", _BREAK)
    lines = [line.strip(" ") for line in body.split("\n")]
    paragraphs = "\n".join(line for line in lines if line.strip(_BREAK) or not line)
    return re.sub("\n{2,}", "\n\n", paragraphs).replace(_BREAK + "\n", "\n")


def _by_paragraph(body: str, wrap: Callable[[str], str]) -> str:
    """Wrap each paragraph's text, its outer blanks left outside."""
    pieces = _PARAGRAPHS.split(body)
    return "".join(_wrapped(piece, wrap) for piece in pieces)


def _wrapped(piece: str, wrap: Callable[[str], str]) -> str:
    core = piece.strip(" \t\n" + _BREAK)
    if not core:
        return piece
    start = piece.index(core)
    return piece[:start] + wrap(core) + piece[start + len(core) :]
