"""A GIFT file cut into blocks: what stands between empty lines, with the comments set aside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tp.domain.exchange.gift.spans import FILLER, Span, shield

_CATEGORY = "$CATEGORY:"


@dataclass(frozen=True, slots=True)
class Category:
    """A line that names the category of what follows."""

    name: str
    at: int


@dataclass(frozen=True, slots=True)
class Block:
    """One question. `comments` are its `//` lines; `span` is blank when it has nothing else."""

    span: Span
    comments: tuple[str, ...]

    @property
    def at(self) -> int:
        return self.span.at


@dataclass(slots=True)
class _Pending:
    at: int = 0
    lines: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)

    def take(self) -> Iterator[Block]:
        if self.lines:
            yield Block(Span(shield("".join(self.lines)), self.at).strip(), tuple(self.comments))
        self.lines, self.comments = [], []


def blocks(text: str) -> Iterator[Block | Category]:
    """Cut a file with line feeds only. A category line also ends a block."""
    pending = _Pending()
    at = 0
    for line in text.split("\n"):
        bare = line.strip()
        if not bare or bare.startswith(_CATEGORY):
            yield from pending.take()
            if bare:
                yield Category(bare.removeprefix(_CATEGORY).strip(), at)
        else:
            pending.at = pending.at if pending.lines else at
            if bare.startswith("//"):
                pending.comments.append(bare)
                pending.lines.append(FILLER * (len(line) + 1))
            else:
                pending.lines.append(line + "\n")
        at += len(line) + 1
    yield from pending.take()
