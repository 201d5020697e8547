"""What hostile authors write: nothing of it runs, loads, or leads elsewhere than to the web.

The HTML is judged as a browser would read it: by its elements and attributes, not by its letters.
"""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from tp.rendering.cleaning import cleaner
from tp.rendering.renderer import Renderer

RENDERER = Renderer()
FORBIDDEN = {"script", "style", "iframe", "object", "embed", "svg", "img", "form", "input", "base", "link", "meta"}
FORBIDDEN |= {"video", "audio", "annotation-xml", "foreignobject", "template", "noscript", "maction", "semantics"}

IN_MARKDOWN = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<math href=javascript:alert(1)>x</math>",
    "<p onclick=alert(1)>x</p>\n\n<iframe srcdoc='<script>alert(1)</script>'>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#10;script:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:x) [y](file:///etc/passwd) [z](//elsewhere.example) [m](mailto:a@example.org)",
    "<javascript:alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
    '[x](https://a.example "\\" onmouseover=alert(1) x=\\"")',
    "![x](javascript:alert(1)) ![y](https://elsewhere.example/spy.gif)",
    "![<img src=x onerror=alert(1)>](x)",
    "```<script>\nalert(1)\n```",
    "`<script>alert(1)</script>`",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<!--><script>alert(1)</script>-->",
    "| <script> | <b onclick=x> |\n|--|--|\n| <style> | x |",
]
IN_LATEX = [
    r"\href{javascript:alert(1)}{x}",
    r"\url{javascript:alert(1)}",
    r"\text{<script>alert(1)</script>}",
    r"\text{</mtext></math><img src=x onerror=alert(1)>}",
    r"\textbf{<svg onload=alert(1)>}",
    r"\style{background:url(https://elsewhere.example)}{x}",
    r'\color{red" onload="alert(1)}x',
    r"\htmlClass{a}{x} \htmlData{a=b}{x} \cssId{a}{x}",
    r"\operatorname*<",
    r"\mathrm{<script>}\unicode{x3c}",
    r"\begin{align}x\label{\"><script>alert(1)</script>}\end{align}",
    r"\eqref{javascript:alert(1)}",
    r"\includegraphics{https://elsewhere.example/x.png}",
    "<script>alert(1)</script>",
    "</math><script>alert(1)</script>",
]


class Seen(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: dict[str, list[str]] = {}
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        for name, value in attrs:
            self.attributes.setdefault(name, []).append(value or "")


@pytest.mark.parametrize("text", IN_MARKDOWN + [f"${latex}$ $${latex}$$" for latex in IN_LATEX])
def test_nothing_hostile_is_left(text: str) -> None:
    seen = Seen(RENDERER.render(text).html)
    assert not seen.elements & FORBIDDEN
    assert not any(name.startswith("on") for name in seen.attributes)
    assert not seen.attributes.keys() & {"style", "src", "id", "xlink:href", "srcset", "formaction", "action"}
    assert all(address.startswith("https://") for address in seen.attributes.get("href", []))


def test_what_is_hostile_as_html_is_shown_as_text() -> None:
    assert RENDERER.render("<b onclick=x>1</b>").html == "<p>&lt;b onclick=x&gt;1&lt;/b&gt;</p>"


def test_a_link_to_the_web_opens_beside_the_page_and_tells_nobody_where_it_was() -> None:
    for text in ("[x](https://a.example/?b=1&c)", "<https://a.example/?b=1&c>"):
        shown = RENDERER.render(text).html
        assert 'href="https://a.example/?b=1&amp;c" target="_blank" rel="noopener noreferrer nofollow"' in shown
    assert RENDERER.render("[x](/relative)").html == "<p>[x](/relative)</p>"


@pytest.mark.parametrize(
    "html",
    [
        "<p><script>alert(1)</script><b onclick='x'>y</b>",
        "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
        "<math><annotation-xml encoding='text/html'><svg onload=alert(1)></annotation-xml></math>",
        "<math><mi href='javascript:alert(1)' xlink:href='javascript:alert(1)' style='x'>x</mi></math>",
        "<a href='javascript:alert(1)' ping='https://elsewhere.example'>x</a><a href='#top'>y</a>",
        "<mtd class='math-left own'>x</mtd><p class='own' id='main'>y</p>",
    ],
)
def test_the_second_wall_holds_by_itself(html: str) -> None:
    """What is cleaned never came from Markdown here: as if the first wall, which escapes all HTML, had a hole."""
    seen = Seen(cleaner().clean(html))
    assert not seen.elements & FORBIDDEN
    assert seen.attributes.keys() <= {"class", "rel", "target"}
    assert set(seen.attributes.get("class", [])) <= {"", "math-left"}
