"""What a reader hands back: the drafts, what is wrong, and what could not be carried over."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from tp.domain.marking import Partial
from tp.domain.problem import Code
from tp.domain.question import Content, Key, Tags
from tp.domain.value import Localized


class LossCode(StrEnum):
    """Stable codes of what an import leaves behind."""

    FEEDBACK = "FEEDBACK"
    """Feedback to one answer; only feedback to the whole question is kept."""
    HTML = "HTML"
    """Elements or attributes without a counterpart in Markdown."""
    TEXT_FORMAT = "TEXT_FORMAT"
    """Plain text with signs that Markdown reads as markup."""
    WEIGHTS = "WEIGHTS"
    """Weights under which full marks cannot be reached, or which are not full marks in all."""
    DESCRIPTION = "DESCRIPTION"
    """A text that asks nothing."""
    UNATTACHED = "UNATTACHED"
    """An id or a tag that stands by no question."""
    FORMULA = "FORMULA"
    """A LaTeX command inside a formula that the format's escapes have cut."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A question as read, not yet in the bank.

    `partial` is the marking that the source meant (weights, or marks for each row); a hint, not a rule.
    """

    line: int
    title: str | None
    content: Content
    key: Key
    tags: Tags
    external_id: str | None = None
    feedback: Localized | None = None
    partial: Partial = Partial.NONE


@dataclass(frozen=True, slots=True)
class LineProblem:
    """One thing that is wrong in a file. Lines and columns count from 1; `title` is that of the question."""

    line: int
    column: int | None
    code: Code
    message: str
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Loss:
    """One thing that an import leaves behind."""

    line: int
    code: LossCode
    message: str
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """A file as read. It is imported only when `problems` is empty; `topics` are those that it names, in order."""

    drafts: tuple[Draft, ...] = ()
    problems: tuple[LineProblem, ...] = ()
    losses: tuple[Loss, ...] = ()
    topics: tuple[str, ...] = ()

    def lost(self) -> Counter[LossCode]:
        """Count the losses by code, for a summary."""
        return Counter(loss.code for loss in self.losses)
