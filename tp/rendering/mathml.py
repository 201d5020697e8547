r"""LaTeX as MathML Core, which browsers show by themselves.

The library recurses as deep as a formula is nested and takes the process with it where the stack ends: at 8,000
braces, and sooner where definitions repeat them. So a formula has a longest length, and defines nothing.
"""

from __future__ import annotations

import re

from math_core import LatexError, LatexToMathML

LONGEST = 2_000
"""Characters of one formula: a fourth of what the library was seen to bear of the most deeply nested."""

_DEFINITION = re.compile(r"\\(?:[gex]?def|let|global|(?:re)?newcommand|providecommand)(?![A-Za-z])")
_STYLE = re.compile(r' style="([^"]*)"')
_CLASSES = (
    ("text-align: left", "math-left"),
    ("text-align: right", "math-right"),
    ("padding-left:1em", "math-apart"),
    ("padding-left: 0;", "math-tight-left"),
    ("padding-right: 0;", "math-tight-right"),
    ("border-top: ", "math-line-above"),
    ("border-bottom: ", "math-line-below"),
    ("border-left: ", "math-line-left"),
    ("border-right: ", "math-line-right"),
)
CLASSES = frozenset(name for _, name in _CLASSES)
"""What tables of formulas are styled by: pages that allow no inline style need it."""


class NoFormula(Exception):
    """LaTeX that cannot be shown; `reason` says why, for its author."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Formulas:
    def __init__(self) -> None:
        self._converter = LatexToMathML(fancy_error=False)

    def mathml(self, latex: str, *, apart: bool) -> str:
        """Return the `math` element, on a line of its own when `apart`. Raises NoFormula."""
        if len(latex) > LONGEST:
            raise NoFormula(f"it has {len(latex)} characters; a formula has at most {LONGEST}")
        if _DEFINITION.search(latex):
            raise NoFormula("a formula defines no commands")
        try:
            made = self._converter.convert_with_local_state(latex, displaystyle=apart)
        except LatexError as error:
            raise NoFormula(_told(str(error))) from error
        return _STYLE.sub(_classed, made)


def _classed(style: re.Match[str]) -> str:
    names = [name for declaration, name in _CLASSES if declaration in style[1]]
    return f' class="{" ".join(names)}"' if names else ""


def _told(error: str) -> str:
    """Return the library's reason; it begins with the place in the formula, counted in bytes."""
    return error.partition(": ")[2] or error
