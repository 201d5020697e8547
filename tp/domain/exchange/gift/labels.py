"""What Moodle writes into names and comments: categories as paths, `[id:…]` and `[tag:…]`."""

from __future__ import annotations

import re

_CONTEXT = re.compile(r"\$[a-z]+\d*\$")


def topic(category: str) -> str | None:
    """Return a category's path without the context (`$course$`) and its `top`, `None` for the top itself.

    The path keeps Moodle's spelling: `/` between the steps, `//` for a slash within one.
    """
    first, _, rest = category.partition("/")
    path = rest if _CONTEXT.fullmatch(first.strip()) else category
    if path.strip() == "top":
        return None
    return path.removeprefix("top/").strip() or None


def external_id(comments: tuple[str, ...]) -> str | None:
    """Return the first `[id:…]`."""
    return next((found for line in comments for found in _bracketed(line, "[id:")), None)


def labels(comments: tuple[str, ...]) -> tuple[str, ...]:
    """Return each `[tag:…]` once, in order."""
    return tuple(dict.fromkeys(found for line in comments for found in _bracketed(line, "[tag:")))


def _bracketed(line: str, opening: str) -> list[str]:
    r"""Find `opening…]`, where `\]` does not close."""
    found: list[str] = []
    start = line.find(opening)
    while start >= 0:
        start += len(opening)
        end = line.find("]", start)
        while end > 0 and line[end - 1] == "\\":
            end = line.find("]", end + 1)
        if end < 0:
            break
        if text := line[start:end].replace("\\]", "]").strip():
            found.append(text)
        start = line.find(opening, end)
    return found
