"""Turns the pieces of one GIFT question into the platform's texts and notes what they lose."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from tp.domain.exchange import limits
from tp.domain.exchange.errors import NotReadable
from tp.domain.exchange.gift.spans import NEW_LINE, Span
from tp.domain.exchange.imported import LossCode
from tp.domain.exchange.markup import MARKDOWN_SIGNS, Converted, TextFormat, to_markdown, to_plain
from tp.domain.problem import Code
from tp.domain.question import Option
from tp.domain.value import Localized

_CUT_COMMAND = re.compile(
    NEW_LINE
    + "(?:abla|atural|e|eq|eg|earrow|warrow|exists|geq|leq|i|mid|ot|otin|parallel|prec|sim|subseteq|supseteq|u)"
    + "(?![A-Za-z])"
)
r"""`\nabla`, `\neq`, `\nu` and their like, of which the format takes `\n` for a line end."""


@dataclass(slots=True)
class Scribe:
    """`form` is the text format of the question, which its answers and feedback inherit."""

    language: str
    new_option_id: Callable[[], str]
    form: TextFormat = TextFormat.MOODLE
    losses: list[tuple[int, LossCode, str]] = field(default_factory=list)

    def lose(self, at: int, code: LossCode, message: str) -> None:
        self.losses.append((at, code, message))

    def formatted(self, span: Span) -> tuple[TextFormat, Span]:
        """Split a leading `[html]`, `[markdown]`, `[plain]` or `[moodle]` off; other brackets are text."""
        span = span.strip()
        for form in TextFormat:
            if span.starts(f"[{form}]"):
                return form, span.cut(len(form) + 2)
        return self.form, span

    def localized(self, span: Span, what: str, limit: int) -> Localized:
        """Convert a text to Markdown. Raises NotReadable when it is empty or longer than `limit`."""
        form, span = self.formatted(span)
        return {self.language: _filled(self._converted(span, form, what, limit), span, what)}

    def whole_feedback(self, span: Span | None) -> Localized | None:
        """Convert the feedback to the whole question; nothing is left of one that held only an image."""
        if span is None:
            return None
        form, span = self.formatted(span)
        text = self._converted(span, form, "the feedback", limits.FEEDBACK)
        return {self.language: text} if text else None

    def option(self, span: Span, what: str, form: TextFormat | None = None) -> Option:
        """Make an option, a row or a column; with `form`, brackets name no format."""
        if form is None:
            form, span = self.formatted(span)
        text = _filled(self._converted(span, form, what, limits.OPTION), span, what)
        return Option(id=self.new_option_id(), text={self.language: text})

    def compared(self, span: Span, what: str) -> str:
        """Return a text that answers are compared with: no markup, blanks made one."""
        form, span = self.formatted(span)
        _measure(span, what, limits.OPTION)
        text = " ".join(span.text().split())
        if form is TextFormat.HTML:
            converted = to_plain(text)
            self._note_html(span, what, converted)
            text = converted.text
        return _filled(text, span, what)

    def feedback(self, span: Span | None, what: str) -> None:
        """Note that the feedback to one answer stays behind."""
        if span is not None and span.strip():
            self.lose(span.at, LossCode.FEEDBACK, f"feedback to {what}")

    def _converted(self, span: Span, form: TextFormat, what: str, limit: int) -> str:
        span = span.strip()
        _measure(span, what, limit)
        flows = form in (TextFormat.MOODLE, TextFormat.PLAIN)
        converted = to_markdown(span.flowing() if flows else span.text(), form)
        self._note_html(span, what, converted)
        if form is TextFormat.PLAIN and MARKDOWN_SIGNS.search(converted.text):
            self.lose(span.at, LossCode.TEXT_FORMAT, f"{what}: plain text is now read as Markdown")
        if any(_CUT_COMMAND.search(formula) for formula in span.shielded.split("$")[1::2]):
            self.lose(span.at, LossCode.FORMULA, f"{what}: \\n in a formula was read as a line end; write \\\\n")
        return converted.text

    def _note_html(self, span: Span, what: str, converted: Converted) -> None:
        if converted.elements:
            self.lose(span.at, LossCode.HTML, f"{what}: HTML elements {', '.join(converted.elements)}")
        if converted.attributes:
            self.lose(span.at, LossCode.HTML, f"{what}: HTML attributes {', '.join(converted.attributes)}")


def _measure(span: Span, what: str, limit: int) -> None:
    if len(span.shielded) > limit:
        raise NotReadable(Code.TOO_LARGE, span.at, f"{what} is longer than {limit} characters")


def _filled(text: str, span: Span, what: str) -> str:
    if text:
        return text
    if span.strip():
        raise NotReadable(Code.UNSUPPORTED, span.at, f"{what} holds nothing that can be carried over")
    raise NotReadable(Code.REQUIRED, span.at, f"{what} is empty")
