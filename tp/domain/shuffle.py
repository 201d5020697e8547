"""A paper in the order in which one student sees it.

A stream of bytes, SHAKE-256 of the seed and the test's id, is cut into a number for each question and section, in
the order of their ids. A number picks one of all orders of what is shuffled there, counted from the order of
ids. So the order is uniform over seeds, the same for ever, and independent of Python's version, of the author's
order, and of whether questions, options or both are shuffled. Changing any of this would change the papers of
attempts under way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import shake_256
from itertools import count
from math import factorial
from typing import Generic, TypeVar

from tp.domain.paper import ArrangedPaper, Paper, PaperQuestion, PaperSection
from tp.domain.question import Content, Option

T = TypeVar("T")

SPARE_BYTES = 8
"""Drawn beyond what all orders need, so that none is likelier than another by more than 2⁻⁶⁴."""

ORDERS_KEPT = 120
"""Of a question's content: all of five options."""


def arrange(paper: Paper, seed: int, *, questions: bool, options: bool) -> Paper:
    """Return the paper as `seed` shuffles it.

    Questions move within their section, those that share a passage together and in their order; numbers follow
    the shown order. Options of choice and order questions and the columns of a matrix move; its rows stay.
    """
    if not questions and not options:
        return paper
    deck = _deck_of(paper)
    stream = shake_256(f"{seed}\n{paper.test_id}\n".encode()).digest(deck.length)
    number = count(1)
    sections = []
    for suit in deck.suits:
        shown = suit.shuffled(stream) if questions else suit.as_written
        placed = tuple(
            PaperQuestion(
                id=card.question.id,
                version=card.question.version,
                number=next(number),
                content=card.content(stream) if options else card.question.content,
                passage_id=card.question.passage_id,
                rule=card.question.rule,
            )
            for block in shown
            for card in block
        )
        sections.append(suit.section.model_copy(update={"questions": placed}))
    return ArrangedPaper(
        test_id=paper.test_id,
        version=paper.version,
        title=paper.title,
        instructions=paper.instructions,
        sections=tuple(sections),
        passages=paper.passages,
    )


class _Pile(Generic[T]):
    """Things to be shuffled, in the order of their ids, and where in the stream their number is."""

    def __init__(self, things: Sequence[T], start: int) -> None:
        self.things = things
        self.start = start
        self.orders = factorial(len(things))
        self.end = start if self.orders == 1 else start + (self.orders.bit_length() + 7) // 8 + SPARE_BYTES

    def number(self, stream: bytes) -> int:
        """Return which of all orders the stream picks."""
        return int.from_bytes(stream[self.start : self.end], "big") % self.orders

    def in_order(self, number: int) -> list[T]:
        """Return the things in one of their orders (Lehmer's code)."""
        left, placed = list(self.things), []
        for size in range(len(left), 0, -1):
            number, place = divmod(number, size)
            placed.append(left.pop(place))
        return placed


class _Card:
    """A question with the orders of its content that came about before."""

    def __init__(self, question: PaperQuestion, start: int) -> None:
        self.question = question
        self._options = _Pile(_by_id(question.content.options), start)
        self._columns = _Pile(_by_id(question.content.columns), self._options.end)
        self.end = self._columns.end
        self._start = start
        as_written = question.content.lasting()
        self._contents: dict[int, Content] = {0: as_written} if start == self.end else {}
        self._orders = self._options.orders * self._columns.orders

    def content(self, stream: bytes) -> Content:
        """Return the content in the order that the stream picks; mostly made before."""
        number = int.from_bytes(stream[self._start : self.end], "big") % self._orders
        made = self._contents.get(number)
        if made is None:
            options, columns = divmod(number, self._columns.orders)
            made = self.question.content.model_copy(
                update={
                    "options": tuple(self._options.in_order(options)),
                    "columns": tuple(self._columns.in_order(columns)),
                }
            )
            if len(self._contents) < ORDERS_KEPT:
                self._contents[number] = made.lasting()
        return made


class _Suit:
    """A section: its blocks, each a question or those that share a passage, in their order."""

    def __init__(self, section: PaperSection, cards: Mapping[str, _Card], start: int) -> None:
        blocks: dict[str, list[_Card]] = {}
        for question in section.questions:
            block = f"q:{question.id}" if question.passage_id is None else f"p:{question.passage_id}"
            blocks.setdefault(block, []).append(cards[question.id])
        self.section = section
        self.as_written = [[cards[question.id]] for question in section.questions]
        self._pile = _Pile([blocks[block] for block in sorted(blocks)], start)
        self.end = self._pile.end

    def shuffled(self, stream: bytes) -> list[list[_Card]]:
        return self._pile.in_order(self._pile.number(stream))


class _Deck:
    """What arranging needs of a paper, worked out once."""

    def __init__(self, paper: Paper) -> None:
        cards: dict[str, _Card] = {}
        self.length = 0
        for id_ in sorted(paper.by_id):
            cards[id_] = _Card(paper.by_id[id_], self.length)
            self.length = cards[id_].end
        suits: dict[str, _Suit] = {}
        for section in sorted(paper.sections, key=lambda section: section.id):
            suits[section.id] = _Suit(section, cards, self.length)
            self.length = suits[section.id].end
        self.suits = [suits[section.id] for section in paper.sections]


def _deck_of(paper: Paper) -> _Deck:
    deck = paper.worked_out.get(__name__)
    if not isinstance(deck, _Deck):
        deck = paper.worked_out[__name__] = _Deck(paper)
    return deck


def _by_id(options: Iterable[Option]) -> list[Option]:
    return sorted(options, key=lambda option: option.id)
