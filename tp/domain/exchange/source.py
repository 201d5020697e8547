"""The text of a file: its line ends made one, its offsets turned into lines and columns."""

from __future__ import annotations

import re
from bisect import bisect_right

NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""Control characters and lone surrogates: no text, and the readers use surrogates as marks of their own."""


def normal(text: str) -> str:
    """Drop a byte order mark and write every line end as a line feed."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


class Places:
    """Where an offset of a text lies: line and column, counted from 1."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]

    def of(self, at: int) -> tuple[int, int]:
        line = bisect_right(self._starts, at)
        return line, at - self._starts[line - 1] + 1

    def line(self, at: int) -> int:
        return self.of(at)[0]
