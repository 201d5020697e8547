"""Reads a GIFT file: each question on its own, so that one that is wrong hides no other."""

from __future__ import annotations

from collections.abc import Callable

from tp.domain.exchange import limits
from tp.domain.exchange.errors import NotReadable
from tp.domain.exchange.gift.answers import answered
from tp.domain.exchange.gift.blocks import Block, Category, blocks
from tp.domain.exchange.gift.labels import external_id, labels, topic
from tp.domain.exchange.gift.parts import Parts, split_answers, split_title
from tp.domain.exchange.gift.scribe import Scribe
from tp.domain.exchange.gift.spans import Span
from tp.domain.exchange.imported import Draft, Imported, LineProblem, Loss, LossCode
from tp.domain.exchange.source import NOT_TEXT, Places, normal
from tp.domain.problem import Code
from tp.domain.question import Content, Tags


def read_gift(text: str, *, language: str, new_option_id: Callable[[], str]) -> Imported:
    """Read a whole file. Never raises for what the file holds; takes time linear in its length.

    Texts become Markdown under `language`; `new_option_id` names each option, row and column.
    """
    text = normal(text)
    if len(text) > limits.FILE:
        return Imported(problems=(_too_large(),))
    return _Reading(text, language, new_option_id).all()


def _too_large() -> LineProblem:
    return LineProblem(1, None, Code.TOO_LARGE, f"the file is longer than {limits.FILE} characters")


class _Reading:
    """One file being read, and the category that it has reached."""

    def __init__(self, text: str, language: str, new_option_id: Callable[[], str]) -> None:
        self._text = text
        self._places = Places(text)
        self._language = language
        self._new_option_id = new_option_id
        self._topic: str | None = None
        self._topics: dict[str, None] = {}
        self._lines_of_ids: dict[tuple[str | None, str], int] = {}
        self._drafts: list[Draft] = []
        self._problems: list[LineProblem] = []
        self._losses: list[Loss] = []

    def all(self) -> Imported:
        for number, piece in enumerate(blocks(self._text), start=1):
            if number > limits.QUESTIONS:
                self._too_many(piece.at)
                break
            if isinstance(piece, Category):
                self._category(piece)
            elif piece.span:
                self._question(piece)
            else:
                self._comments(piece)
        return Imported(tuple(self._drafts), tuple(self._problems), tuple(self._losses), tuple(self._topics))

    def _too_many(self, at: int) -> None:
        message = f"a file holds at most {limits.QUESTIONS} questions and categories; the rest was not read"
        self._problems.append(LineProblem(self._places.line(at), None, Code.TOO_MANY, message))

    def _category(self, category: Category) -> None:
        name = topic(category.name)
        if name is not None and (NOT_TEXT.search(name) or len(name) > limits.TOPIC):
            line = self._places.line(category.at)
            message = f"a category is text of at most {limits.TOPIC} characters"
            self._problems.append(LineProblem(line, None, Code.INVALID, message))
            return
        self._topic = name
        if name is not None:
            self._topics[name] = None

    def _comments(self, block: Block) -> None:
        if external_id(block.comments) or labels(block.comments):
            message = "an [id:] or [tag:] comment stands by no question; leave no empty line between them"
            self._losses.append(Loss(self._places.line(block.at), LossCode.UNATTACHED, message))

    def _question(self, block: Block) -> None:
        scribe = Scribe(self._language, self._new_option_id)
        title: str | None = None
        try:
            self._check_characters(block.span)
            title, rest = split_title(block.span)
            parts = split_answers(rest)
            if parts.answers is None:
                scribe.lose(block.at, LossCode.DESCRIPTION, "a text without braces asks nothing")
            else:
                self._drafts.append(self._draft(block, title, parts, parts.answers, scribe))
        except NotReadable as reason:
            line, column = self._places.of(reason.at)
            self._problems.append(LineProblem(line, column, reason.code, reason.message, title))
        else:
            found = ((self._places.line(at), code, message) for at, code, message in scribe.losses)
            self._losses += [Loss(line, code, message, title) for line, code, message in found]

    def _check_characters(self, span: Span) -> None:
        found = NOT_TEXT.search(self._text, span.at, span.end)
        if found:
            message = f"the character U+{ord(found.group()):04X} is no text"
            raise NotReadable(Code.INVALID, found.start(), message)

    def _draft(self, block: Block, title: str | None, parts: Parts, answers: Span, scribe: Scribe) -> Draft:
        line = self._places.line(block.at)
        scribe.form, stem = scribe.formatted(parts.stem)
        text = scribe.localized(stem, "the question's text", limits.QUESTION)
        found = answered(answers, scribe)
        return Draft(
            line=line,
            title=title,
            content=Content(
                type=found.type, text=text, options=found.options, rows=found.rows, columns=found.columns
            ),
            key=found.key,
            tags=Tags(topic=self._topic, labels=self._labels(block)),
            external_id=self._id(block, line),
            feedback=scribe.whole_feedback(parts.feedback),
            partial=found.partial,
        )

    def _labels(self, block: Block) -> tuple[str, ...]:
        found = labels(block.comments)
        for label in found:
            _check_name("a tag", label, limits.LABEL, block.at)
        return found

    def _id(self, block: Block, line: int) -> str | None:
        """Return the question's id in its source, unique within its category."""
        found = external_id(block.comments)
        if found is None:
            return None
        _check_name("the id", found, limits.EXTERNAL_ID, block.at)
        first = self._lines_of_ids.setdefault((self._topic, found), line)
        if first != line:
            message = f"the id {found} is that of the question on line {first}"
            raise NotReadable(Code.ALREADY_EXISTS, block.at, message)
        return found


def _check_name(what: str, name: str, limit: int, at: int) -> None:
    if len(name) > limit:
        raise NotReadable(Code.TOO_LARGE, at, f"{what} is longer than {limit} characters")
    if NOT_TEXT.search(name):
        raise NotReadable(Code.INVALID, at, f"{what} holds a character that is no text")
