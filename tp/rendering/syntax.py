"""What the platform adds to Markdown's syntax: formulas, inline and as blocks."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

from tp.domain.formulas import dollar, fence_at, formula_at

FORMULA = "formula"
_INTERRUPTS: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}


def add_formulas(markdown: MarkdownIt) -> None:
    """Let `$…$` and `$$…$$` be tokens of the type `FORMULA`: `content` is the LaTeX, `markup` the fence."""
    markdown.inline.ruler.before("escape", FORMULA, _inline)
    markdown.block.ruler.before("fence", FORMULA, _block, _INTERRUPTS)


def _inline(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] != "$":
        return False
    found = formula_at(state.src, state.pos)
    if found is None:
        fence = fence_at(state.src, state.pos)
        state.pending += "" if silent else fence
        state.pos += len(fence)
        return True
    if not silent:
        token = state.push(FORMULA, "math", 0)
        token.content, token.markup = found.latex, found.fence
    state.pos = found.end
    return True


def _block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Take lines from `$$` to `$$` as they are: none of them begins a list, a heading or a quotation."""
    if state.is_code_block(start) or not _line(state, start).startswith("$$"):
        return False
    after = start + 1
    if dollar(_line(state, start), len("$$")) < 0:
        while after < end and _belongs(state, after) and dollar(_line(state, after), 0) < 0:
            after += 1
        if after == end or not _belongs(state, after):
            return False
        after += 1
    text = state.getLines(start, after, state.blkIndent, False).strip()
    found = formula_at(text, 0)
    if found is None or found.fence != "$$" or found.end != len(text):
        return False
    if not silent:
        token = state.push(FORMULA, "math", 0)
        token.content, token.markup, token.block, token.map = found.latex, found.fence, True, [start, after]
    state.line = after
    return True


def _belongs(state: StateBlock, number: int) -> bool:
    return not state.isEmpty(number) and state.sCount[number] >= state.blkIndent


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]
