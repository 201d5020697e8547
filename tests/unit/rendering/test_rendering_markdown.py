"""Markdown with formulas, as students are shown it."""

from __future__ import annotations

import pytest

from tp.rendering.renderer import LONGEST, Renderer

RENDERER = Renderer()
ONE_HALF = "<mfrac><mn>1</mn><mn>2</mn></mfrac>"


def html(text: str) -> str:
    return RENDERER.render(text).html


def faults(text: str) -> tuple[str, ...]:
    return RENDERER.render(text).faults


def test_a_paragraph_with_emphasis_and_a_formula() -> None:
    shown = html(r"A *ball* of $\frac{1}{2}$ kg")
    assert shown == f"<p>A <em>ball</em> of <math>{ONE_HALF}</math> kg</p>"
    assert faults(r"A *ball* of $\frac{1}{2}$ kg") == ()


def test_a_text_in_hindi_keeps_its_letters() -> None:
    assert html("बल $F$ है, **न्यूटन** में") == "<p>बल <math><mi>F</mi></math> है, <strong>न्यूटन</strong> में</p>"
    assert html(r"$5\ \text{न्यूटन}$").endswith("<mtext>न्यूटन</mtext></math></p>")


def test_a_formula_set_apart_stands_on_a_line_of_its_own() -> None:
    assert f'<math display="block">{ONE_HALF}</math>' in html(r"so: $$\frac{1}{2}$$ and on")


@pytest.mark.parametrize("line", ["+ x", "- x", "> x", "# x", "1. x", "= x", "| x"])
def test_a_line_of_a_formula_is_never_read_as_markdown(line: str) -> None:
    shown = html(f"before\n$$\na\n{line}\n$$\nafter")
    assert shown.startswith("<p>before</p>\n<p><math") or "<code>" in shown
    assert shown.endswith("</p>\n<p>after</p>")
    assert not any(element in shown for element in ("<ul", "<ol", "<h1", "<blockquote", "<table"))


def test_a_formula_in_a_list_or_a_quotation_ends_with_it() -> None:
    assert html("- $$\n  a\n  $$") == '<ul>\n<li>\n<p><math display="block"><mi>a</mi></math></p>\n</li>\n</ul>'
    assert "<math" not in html("> $$\n> a\n\n$$")


def test_prices_and_escaped_dollars_are_no_formulas() -> None:
    assert html("between $5 and $10, or $ x $") == "<p>between $5 and $10, or $ x $</p>"
    assert html(r"\$a\$ and `$a$`") == "<p>$a$ and <code>$a$</code></p>"
    assert html("$$ alone") == "<p>$$ alone</p>"


def test_emphasis_within_a_formula_is_none() -> None:
    assert "<em>" not in html("$a*b$ and $c*d$") + html("$a_b$ and $c_d$")


def test_lists_tables_and_code_are_set() -> None:
    assert html("1. a\n2. b") == "<ol>\n<li>a</li>\n<li>b</li>\n</ol>"
    assert "<td><math><mi>x</mi></math></td>" in html("| a | b |\n|---|---|\n| 1 | $x$ |")
    assert html("~~no~~ `x < y`") == "<p><s>no</s> <code>x &lt; y</code></p>"


def test_columns_of_cases_are_told_by_classes_and_never_by_a_style() -> None:
    shown = html(r"$\begin{cases}x & x>0\\ -x & \text{otherwise}\end{cases}$")
    assert '<mtd class="math-left math-apart math-tight-right">' in shown
    assert " style=" not in shown + html(r"$\textcolor{red}{x}$ $\begin{array}{c|c}a&b\end{array}$")


@pytest.mark.parametrize(
    ("latex", "reason"),
    [
        (r"\ce{H2O}", r'Unknown command "\ce".'),
        (r"\frac{1}{", 'Expected closing token "}", but reached end of input.'),
        (r"\def\a{x}\a", "a formula defines no commands"),
        (r"\newcommand{\a}{x}\a", "a formula defines no commands"),
        ("x" * 2_001, "it has 2001 characters; a formula has at most 2000"),
    ],
)
def test_latex_that_cannot_be_shown_is_shown_as_written_and_told(latex: str, reason: str) -> None:
    shown = RENDERER.render(f"Water: ${latex}$ <")
    assert shown.html == f"<p>Water: <code>${latex}$</code> &lt;</p>"
    [fault] = shown.faults
    assert fault.startswith("the formula $")
    assert fault.endswith(f"is shown as it is written: {reason}")


def test_a_picture_is_told_and_shown_by_its_description() -> None:
    shown = RENDERER.render("see ![a *circuit*](https://elsewhere.example/c.png)")
    assert shown.html == "<p>see a circuit</p>"
    assert shown.faults == ("the picture https://elsewhere.example/c.png is not shown, only its description",)


def test_a_fault_is_told_once_however_often_it_occurs() -> None:
    assert len(faults(r"$\ce{A}$ $\ce{A}$ $\ce{B}$")) == 2


def test_the_longest_text_is_set_and_one_longer_is_shown_as_written() -> None:
    assert html("a" * LONGEST) == f"<p>{'a' * LONGEST}</p>"
    shown = RENDERER.render("<b>" + "a" * LONGEST)
    assert shown.html.startswith("<pre>&lt;b&gt;a")
    assert len(shown.faults) == 1


@pytest.mark.parametrize("nest", [r"\sqrt{", "{", "x^{", r"\sum_{", r"\begin{cases}", r"\left("])
def test_the_deepest_formula_that_fits_does_not_exhaust_the_stack(nest: str) -> None:
    depth = 1_990 // (len(nest) + 1)
    assert html(f"${nest * depth}x{'}' * depth}$").startswith("<p><")
