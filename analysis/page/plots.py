"""Plots as inline SVG: bars, upright for a distribution and lying for a comparison."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.page.markup import Html, element, join

WIDTH, HEIGHT = 640, 200
LEFT, BELOW, ABOVE = 40, 24, 10
ROW, LABEL, ROOM = 22, 200, 70
"""Of lying bars: the height of a row, the width of its label, and room for its figure."""

Bar = tuple[str, float]


def upright(bars: Sequence[Bar], title: str) -> Html:
    """Return a histogram: bars side by side, each with its label below, their number above."""
    highest = max((value for _, value in bars), default=0) or 1
    width = (WIDTH - LEFT) / max(len(bars), 1)
    drawn = []
    for place, (label, value) in enumerate(bars):
        height = (HEIGHT - BELOW - ABOVE) * value / highest
        x, y = LEFT + place * width, HEIGHT - BELOW - height
        drawn.append(_bar(x + 1, y, max(width - 2, 1), height, f"{label}: {value:g}"))
        drawn.append(_label(x + width / 2, HEIGHT - 8, label, "middle"))
        if value:
            drawn.append(_label(x + width / 2, max(y - 2, 9), f"{value:g}", "middle"))
    return _plot(HEIGHT, title, drawn)


def lying(bars: Sequence[Bar], title: str, unit: str = "") -> Html:
    """Return bars below one another, each with its label before and its figure behind it."""
    highest = max((value for _, value in bars), default=0) or 1
    drawn = []
    for place, (label, value) in enumerate(bars):
        y, width = place * ROW, max((WIDTH - LABEL - ROOM) * value / highest, 0)
        drawn.append(_label(LABEL - 6, y + 15, label, "end"))
        drawn.append(_bar(LABEL, y + 3, width, ROW - 6, f"{label}: {value:.3g}{unit}"))
        drawn.append(_label(LABEL + width + 5, y + 15, f"{value:.3g}{unit}", "start"))
    return _plot(ROW * len(bars) + 4, title, drawn)


def _plot(height: float, title: str, drawn: Sequence[Html]) -> Html:
    named = element("title", title)
    return element(
        "svg",
        named,
        join(drawn),
        viewBox=f"0 0 {WIDTH} {height:g}",
        role="img",
        xmlns="http://www.w3.org/2000/svg",
    )


def _bar(x: float, y: float, width: float, height: float, told: str) -> Html:
    return element(
        "rect", element("title", told), x=f"{x:.1f}", y=f"{y:.1f}", width=f"{width:.1f}", height=f"{height:.1f}"
    )


def _label(x: float, y: float, told: str, anchor: str) -> Html:
    return element("text", told, x=f"{x:.1f}", y=f"{y:.1f}", text_anchor=anchor)
