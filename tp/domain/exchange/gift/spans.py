r"""Pieces of a GIFT file that know where they stand, with the escapes out of the way.

An escape `\~` is held as two lone surrogates, a filler and a stand-in for the sign, so that a piece can be cut at
bare control signs, keeps the length it has in the file, and becomes text again by `text()`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

FILLER = "\udcff"
BLANK = " \t\n" + FILLER
NEW_LINE = chr(0xDC00 + ord("\n"))
_ESCAPE = re.compile(r"\\([\\~=#{}:n])")
_SIGNS = {"n": "\n"}
_BARE: dict[int, str | None] = {0xDC00 + ord(sign): sign for sign in "\\~=#{}:\n"} | {ord(FILLER): None}


def shield(text: str) -> str:
    """Put stand-ins for the escapes; the length stays."""
    return _ESCAPE.sub(lambda found: FILLER + chr(0xDC00 + ord(_SIGNS.get(found[1], found[1]))), text)


@dataclass(frozen=True, slots=True)
class Span:
    """A shielded piece of the file that begins at offset `at`."""

    shielded: str
    at: int

    def __bool__(self) -> bool:
        return bool(self.shielded)

    @property
    def end(self) -> int:
        return self.at + len(self.shielded)

    def cut(self, start: int, end: int | None = None) -> Span:
        return Span(self.shielded[start:end], self.at + start)

    def strip(self) -> Span:
        left = len(self.shielded) - len(self.shielded.lstrip(BLANK))
        return Span(self.shielded.strip(BLANK), self.at + left)

    def starts(self, prefix: str) -> bool:
        return self.shielded.startswith(prefix)

    def find(self, sign: str, start: int = 0) -> int:
        return self.shielded.find(sign, start)

    def partition(self, sign: str) -> tuple[Span, Span | None]:
        """Cut at the first `sign`; the second piece is `None` when there is none."""
        found = self.find(sign)
        return (self, None) if found < 0 else (self.cut(0, found), self.cut(found + len(sign)))

    def split_before(self, signs: re.Pattern[str]) -> list[Span]:
        """Cut before each sign; all pieces but the first begin with one."""
        cuts = [0, *(found.start() for found in signs.finditer(self.shielded)), len(self.shielded)]
        return [self.cut(start, end) for start, end in pairwise(cuts)]

    def text(self) -> str:
        """The text as written, each line end kept."""
        return self.shielded.translate(_BARE)

    def flowing(self) -> str:
        """The text with the line ends and indents of the file made blanks; line ends written as escapes stay."""
        lines = self.shielded.split("\n")
        return " ".join(line.strip(BLANK) for line in lines).translate(_BARE)
