"""HTML from values: every text is escaped here, and nowhere else is markup made of what somebody wrote."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

DASH = "–"


class Html(str):
    """Text that is markup already."""

    __slots__ = ()


def text(value: Any) -> Html:
    """Return a value as text: numbers rounded for readers, a dash for what is not defined."""
    if isinstance(value, Html):
        return value
    if value is None:
        return Html(DASH)
    if isinstance(value, bool):
        return Html("yes" if value else "no")
    if isinstance(value, float):
        return Html(f"{value:.0f}" if value.is_integer() else f"{value:.2f}")
    if isinstance(value, Mapping):
        return Html("; ".join(f"{text(name)} {text(inner)}" for name, inner in value.items()))
    if isinstance(value, list | tuple):
        return Html(", ".join(map(text, value)))
    return Html(escape(str(value)))


def element(name: str, *inner: Any, **attributes: Any) -> Html:
    """Return an element; attributes are named with `_` for `-`, and `class_` for `class`."""
    told = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(str(value), quote=True)}"'
        for key, value in attributes.items()
    )
    return Html(f"<{name}{told}>{''.join(map(text, inner))}</{name}>")


def join(parts: Iterable[Any]) -> Html:
    return Html("".join(map(text, parts)))


def table(columns: Sequence[tuple[str, str]], rows: Iterable[Mapping[str, Any]], caption: str = "") -> Html:
    """Return a table: `columns` are names in the rows, each with its heading."""
    shown = list(rows)
    first = shown[0] if shown else {}
    head = element(
        "tr",
        *(element("th", heading, scope="col", class_=_side(first.get(name))) for name, heading in columns),
    )
    body = join(element("tr", *(_cell(row.get(name)) for name, _ in columns)) for row in shown)
    titled = element("caption", caption) if caption else Html("")
    return element("table", titled, element("thead", head), element("tbody", body))


def _cell(value: Any) -> Html:
    return element("td", value, class_=_side(value))


def _side(value: Any) -> str:
    """Return the class of a cell: numbers stand to the right."""
    return "n" if isinstance(value, int | float) and not isinstance(value, bool) else "t"
