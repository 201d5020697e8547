"""Pieces of a text that must pass through a conversion untouched: formulas and code.

Each is replaced by a token of lone surrogates, which no checked text can hold, and put back at the end.
"""

from __future__ import annotations

import re
from html import unescape

from tp.domain.formulas import dollar, fence_at, formula_at

_TOKEN = re.compile("\udd00([0-9]+)\udd01")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_TICKS = re.compile("`+")
_OPENING = re.compile(r"<(?=[A-Za-z/!?])")
_LIVE_OPENING = re.compile(r"(?<!\\)((?:\\\\)*+)<(?=[A-Za-z/!?])")


def decode(text: str) -> str:
    """Decode HTML entities that end in a semicolon; `R&D` and `&notit` stay."""
    return _ENTITY.sub(lambda found: unescape(found.group()), text)


def inert(text: str) -> str:
    """Escape for Markdown every `<` that could open a tag."""
    return _LIVE_OPENING.sub(r"\1\\<", text)


class Kept:
    """The pieces taken out of one text."""

    def __init__(self) -> None:
        self._pieces: list[str] = []

    def add(self, piece: str) -> str:
        """Take a piece out and return the token that stands for it."""
        self._pieces.append(self.restore(piece))
        return f"\udd00{len(self._pieces) - 1}\udd01"

    def restore(self, text: str) -> str:
        """Put the pieces back."""
        return _TOKEN.sub(lambda found: self._pieces[int(found[1])], text)

    def formula(self, fence: str, inside: str) -> str:
        """Take out a formula, a `<` in it set apart from the next letter: LaTeX reads it alike, HTML not."""
        return self.add(fence + _OPENING.sub("< ", decode(self.restore(inside))) + fence)

    def formulas(self, text: str) -> str:
        """Take out `$…$` and `$$…$$`."""
        parts: list[str] = []
        done = 0
        start = dollar(text, 0)
        while start >= 0:
            found = formula_at(text, start)
            if found is None:
                start = dollar(text, start + len(fence_at(text, start)))
                continue
            parts += (text[done:start], self.formula(found.fence, found.latex))
            done = found.end
            start = dollar(text, done)
        return "".join(parts) + text[done:]

    def tex_formulas(self, text: str) -> str:
        r"""Take out `\(…\)` and `\[…\]`, the delimiters of MathJax, as `$…$` and `$$…$$`."""
        for opening, closing, fence in ((r"\(", r"\)", "$"), (r"\[", r"\]", "$$")):
            first, *rest = text.split(opening)
            parts = [first]
            for piece in rest:
                inside, found, after = piece.partition(closing)
                whole = found and inside.strip() and "$" not in inside and "\n\n" not in inside
                parts.append(self.formula(fence, inside.strip()) + after if whole else opening + piece)
            text = "".join(parts)
        return text

    def code(self, text: str) -> str:
        """Take out the code spans and fenced code of Markdown."""
        runs = list(_TICKS.finditer(text))
        closing = _closing_runs(runs)
        parts: list[str] = []
        done = 0
        for number, run in enumerate(runs):
            end = closing[number]
            if run.start() < done or end is None or _escaped(text, run.start()):
                continue
            if not _is_code(text, run, end):
                continue
            parts += (text[done : run.start()], self.add(text[run.start() : end.end()]))
            done = end.end()
        return "".join(parts) + text[done:]


def _closing_runs(runs: list[re.Match[str]]) -> list[re.Match[str] | None]:
    """Find for each run of backticks the next run of the same length."""
    later: dict[int, re.Match[str]] = {}
    closing: list[re.Match[str] | None] = []
    for run in reversed(runs):
        length = run.end() - run.start()
        closing.append(later.get(length))
        later[length] = run
    closing.reverse()
    return closing


def _escaped(text: str, at: int) -> bool:
    return at > 0 and text[at - 1] == "\\"


def _is_code(text: str, run: re.Match[str], end: re.Match[str]) -> bool:
    if "\n\n" not in text[run.end() : end.start()]:
        return True
    return len(run.group()) >= 3 and _opens_line(text, run.start()) and _opens_line(text, end.start())


def _opens_line(text: str, at: int) -> bool:
    return text[text.rfind("\n", 0, at) + 1 : at].strip() == "" and at - text.rfind("\n", 0, at) <= 4
