"""Text of any format as Markdown."""

from __future__ import annotations

import re

import pytest
from growth import LINEAR, growth
from hypothesis import given
from hypothesis import strategies as st

from tp.domain.exchange.markup import TextFormat, to_markdown, to_plain

LIVE_TAG = re.compile(r"(?<!\\)(?:\\\\)*<[A-Za-z/!?]")


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("<div>One</div>\n  <div>Two</div>", "One\n\nTwo"),
        ("One<br>Two<br/>\n  Three<br>", "One  \nTwo  \nThree"),
        ("One<p>Two<br></p><br><p></p>Three", "One\n\nTwo\n\nThree"),
        ("a<b> bold </b>z", "a **bold** z"),
        ("<strong><b>x</b></strong> <em>y</em>", "**x** *y*"),
        ("<b>x<i>y</b>z</i>", "**x*y***z"),
        ("<b></b><i> </i>x", "x"),
        ("<b><p>x</p><p>y</p></b>", "**x**\n\n**y**"),
        ("H<sub>2</sub>O and x<sup>n+1</sup>", "H$_{2}$O and x$^{n+1}$"),
        ("x<sub></sub><sup>a<b>b</b></sup>", "x^{a**b**}"),
        ("<ul><li>One<li>Two</ul>", "- One\n- Two"),
        ("<p>Do:</p><ol><li>One</li><li>Two<ul><li>a</li><li>b</li></ul></li></ol>End",
         "Do:\n\n1. One\n2. Two\n   - a\n   - b\n\nEnd"),
        ("<ul>stray<li><p>One</p><p>Two</p></ul>", "- One\n  Two\n- stray"),
        ("<li>alone</li>", "- alone"),
        ("<ul></ul>x", "x"),
        ("<ul><li><b>One<li>Two", "- **One**\n- Two"),
        ("<code>a  &lt; b</code>", "`a < b`"),
        ("<code>a`b</code> <code> </code>", "`` a`b ``"),
        ("<pre>\n  if x:\n    <b>y</b>\n</pre>z", "```\n  if x:\n    y\n```\n\nz"),
        ("<pre>a<br>```<p>b</pre>", "````\na\n```b\n````"),
        ("R&amp;D &lt;script&gt; &eacute;&#233; &nbsp; AT&T &notit", "R&D \\<script> éé AT&T &notit"),
        ("$a &lt; b$ and $c&lt;d$ cost $5 and $6", "$a < b$ and $c< d$ cost $5 and $6"),
        (r"\(x^2\) or \[a&lt;b\] or \(y or \(\)", r"$x^2$ or $$a< b$$ or \(y or \(\)"),
        ("1 < 2 <3 <= 4 > 0", "1 < 2 <3 <= 4 > 0"),
        ("<img alt='A &lt; circle' src=x>", "A < circle"),
        ("<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>", "1 2\n\n3"),
        ("x<!-- a <b> comment -->y<!doctype html><?php ?>z", "xyz"),
        ("x<!-- never closed", "x\\<!-- never closed"),
        ("a <b", "a \\<b"),
        ("</p></b>x", "x"),
    ],
)  # fmt: skip
def test_html_becomes_markdown(html: str, markdown: str) -> None:
    assert to_markdown(html, TextFormat.HTML).text == markdown


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("a <b>bold</b> word<br>next", "a **bold** word  \nnext"),
        ("one\ntwo\n\n\nthree", "one  \ntwo\n\nthree"),
        ("x<y and z>w", "x\\<y and z>w"),
        ("x<y> a <b and c>", "x\\<y> a \\<b and c>"),
        ("if $a<b$ and $c>d$", "if $a< b$ and $c>d$"),
        (r"\(a<b\)", "$a< b$"),
        ("$$a<b$$ $$ $x$1 \\$y$ $$z", "$$a< b$$ $$ $x$1 \\$y$ $$z"),
        ("$a\n\nb$ <i>c</i>", "$a\n\nb$ *c*"),
        ("costs $5 <b>or</b> $6", "costs $5 **or** $6"),
        ("$$$$", "$$$$"),
    ],
)
def test_moodle_text_may_hold_html_and_keeps_its_lines(text: str, markdown: str) -> None:
    assert to_markdown(text, TextFormat.MOODLE).text == markdown


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("- a\n- **b**\n\n    code", "- a\n- **b**\n\n    code"),
        ("`vector<int>` and vector<int>", "`vector<int>` and vector\\<int>"),
        ("```\n<p>\n\n<b>\n```", "```\n<p>\n\n<b>\n```"),
        ("x ``` <p>\n\n<i>y</i> ```", "x ``` \n\n\n\n*y* ```"),
        ("`` a`<b>` `` `<i>`", "`` a`<b>` `` `<i>`"),
        ("\\`<i>x</i>`", "\\`*x*`"),
        ("`<i>x</i>", "`*x*"),
        ("\\<b> \\\\<i>x", "\\<b> \\\\\\<i>x"),
        ("\\\\<y>", "\\\\\\<y>"),
        ("`$x$` $`y`$", "`$x$` $`y`$"),
    ],
)
def test_markdown_stays_but_for_its_html(text: str, markdown: str) -> None:
    assert to_markdown(text, TextFormat.MARKDOWN).text == markdown


def test_plain_text_is_made_inert() -> None:
    converted = to_markdown("a <b>b</b> &amp; $c<d$\ne", TextFormat.PLAIN)
    assert converted.text == "a \\<b>b\\</b> &amp; $c< d$  \ne"
    assert converted.elements == ()


def test_what_html_loses_is_named() -> None:
    converted = to_markdown(
        '<p class="x" onclick=\'y()\'>a<a href="h">b</a><SPAN>c</SPAN><o:p></o:p></p>', TextFormat.HTML
    )
    assert converted.text == "abc"
    assert converted.elements == ("a", "o:p", "span")
    assert converted.attributes == ("class", "onclick")


@pytest.mark.parametrize("form", [TextFormat.HTML, TextFormat.MOODLE, TextFormat.MARKDOWN])
@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>x",
        "<SCRIPT src=a>alert(1)</SCRIPT >x",
        "x<script>alert(1)",
        "<style>alert(1)</style>x",
        '<svg onload="alert(1)"><path/></svg>x',
        '<img src=x onerror="alert(1)">x',
        '<p onclick="alert(1)">x</p>',
        '<x-y onclick="alert(1)">x',
        "<iframe src=javascript:alert(1)></iframe>x",
    ],
)
def test_no_script_survives(text: str, form: TextFormat) -> None:
    converted = to_markdown(text, form)
    assert converted.text == "x"
    assert converted.elements or converted.attributes


def test_elements_nested_too_deep_lose_their_form_and_not_their_text() -> None:
    converted = to_markdown("<ul><li>" * 50 + "x", TextFormat.HTML)
    assert converted.text.endswith("x")
    assert converted.elements == ("ul",)


def test_text_to_compare_has_no_markup() -> None:
    converted = to_plain("<p>New&nbsp;<b>York</b></p>\n City")
    assert converted.text == "New York City"
    assert converted.elements == ("b", "p")


MARKUP = st.lists(
    st.sampled_from(
        ["<b>", "</b>", "<i>", "<ul>", "<li>", "</ul>", "<p>", "<br>", "<pre>", "</pre>", "<code>", "</code>",
         "<sub>", "<script>", "</script>", "<a href='x'>", "<", ">", "</", "<!--", "-->", "<x onclick='y'>",
         "&lt;b&gt;", "&#60;", "$", "$$", "\\(", "\\)", "\\", "\n", "\n\n", " ", "a", "1", "=", '"', "'", "word"]
    ),
    max_size=30,
).map("".join)  # fmt: skip


@given(text=MARKUP, form=st.sampled_from([TextFormat.HTML, TextFormat.MOODLE, TextFormat.PLAIN]))
def test_no_tag_survives_outside_code(text: str, form: TextFormat) -> None:
    converted = to_markdown(text, form).text
    if "<code>" not in text and "<pre>" not in text:
        assert not LIVE_TAG.search(converted), converted
    assert not re.search("[\ud800-\udfff]", converted)


@given(MARKUP)
def test_no_tag_survives_in_markdown_without_code(text: str) -> None:
    assert not re.search("[\ud800-\udfff]", to_markdown("`" + text, TextFormat.MARKDOWN).text)
    if "<code>" not in text and "<pre>" not in text:
        assert not LIVE_TAG.search(to_markdown(text, TextFormat.MARKDOWN).text)


@pytest.mark.parametrize("form", list(TextFormat))
@pytest.mark.parametrize(
    "piece",
    ["<a ", "<", "<!--", '<a b="', "<b>", "<ul><li>", "&", "&amp", "$", "$$", "$a ", "`", "` ``",
     "```\n\n", "\\", "\\(", "\n ", " ", "<p>", "<script>", "</", "<i> ", "a\n\n", "<!-- -->", "<x y=", "<code>`",
     "<aaaa", "<br> "],
)  # fmt: skip
def test_work_is_linear_in_the_length(piece: str, form: TextFormat) -> None:
    def read(length: int) -> None:
        text = piece * (length // len(piece))
        to_markdown(text, form)
        to_markdown("<a " + text + ">", form)

    assert growth(read, 2_000) < LINEAR
