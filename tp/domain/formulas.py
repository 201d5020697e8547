"""Where a formula stands in a text: the one rule by which texts are imported, checked and rendered."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Formula:
    """`$…$` or, set apart, `$$…$$`: its LaTeX, and the place in the text behind it."""

    fence: str
    latex: str
    end: int


def dollar(text: str, start: int) -> int:
    """Return the place of the next `$` that is not escaped; -1 when there is none."""
    at = text.find("$", start)
    while at > 0 and text[at - 1] == "\\":
        at = text.find("$", at + 1)
    return at


def fence_at(text: str, start: int) -> str:
    return "$$" if text.startswith("$$", start) else "$"


def formula_at(text: str, start: int) -> Formula | None:
    """Return the formula that the `$` at `start` opens.

    A `$` opens before and closes after something that is not blank, and does not close before a digit (Pandoc's
    rule, which leaves prices alone); a formula does not cross an empty line.
    """
    fence = fence_at(text, start)
    opened = start + len(fence)
    closing = dollar(text, opened)
    inside = text[opened:closing]
    if closing < 0 or not inside.strip() or "\n\n" in inside or not text.startswith(fence, closing):
        return None
    end = closing + len(fence)
    if fence == "$" and (inside[0].isspace() or inside[-1].isspace() or text[end : end + 1].isdigit()):
        return None
    return Formula(fence, inside, end)
