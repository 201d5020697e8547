"""The Aiken format: a text, lettered options of one line each, and the right letter.

Documented at https://docs.moodle.org/en/Aiken_format. Its texts are plain: nothing in them is HTML.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from string import ascii_uppercase

from tp.domain.exchange import limits
from tp.domain.exchange.errors import NotReadable
from tp.domain.exchange.imported import Draft, Imported, LineProblem
from tp.domain.exchange.markup import TextFormat, to_markdown
from tp.domain.exchange.source import NOT_TEXT, normal
from tp.domain.problem import Code
from tp.domain.question import ChoiceKey, Content, Option, QuestionType, Tags
from tp.domain.value import Localized

_OPTION = re.compile(r"([A-Z])[.)](?:[ \t](.*)|)\Z")
_ANSWER = re.compile(r"ANSWER[ \t]*+:[ \t]*+(.*)\Z", re.IGNORECASE | re.ASCII)


@dataclass(slots=True)
class _Block:
    """The lines of one question as (number, text), sorted by what they are."""

    first: int
    stem: list[tuple[int, str]] = field(default_factory=list)
    options: list[tuple[int, str]] = field(default_factory=list)
    stray: list[int] = field(default_factory=list)
    answer: tuple[int, str] | None = None


def read_aiken(text: str, *, language: str, new_option_id: Callable[[], str]) -> Imported:
    """Read a whole file, each question on its own. Never raises for what the file holds."""
    text = normal(text)
    if len(text) > limits.FILE:
        message = f"the file is longer than {limits.FILE} characters"
        return Imported(problems=(LineProblem(1, None, Code.TOO_LARGE, message),))
    drafts: list[Draft] = []
    problems: list[LineProblem] = []
    for number, block in enumerate(_blocks(text), start=1):
        if number > limits.QUESTIONS:
            message = f"a file holds at most {limits.QUESTIONS} questions; the rest was not read"
            problems.append(LineProblem(block.first, None, Code.TOO_MANY, message))
            break
        try:
            drafts.append(_draft(block, language, new_option_id))
        except NotReadable as reason:
            problems.append(LineProblem(reason.at, None, reason.code, reason.message))
    return Imported(tuple(drafts), tuple(problems))


def _blocks(text: str) -> Iterator[_Block]:
    """Sort lines into questions: one ends with its ANSWER, or where a text follows options and an empty line."""
    block: _Block | None = None
    after_empty = False
    for number, whole in enumerate(text.split("\n"), start=1):
        line = whole.strip()
        if line:
            if block and after_empty and block.options and not _ANSWER.match(line) and not _OPTION.match(line):
                yield block
                block = None
            block = block or _Block(first=number)
            _sort(number, line, block)
            if block.answer:
                yield block
                block = None
        after_empty = not line
    if block:
        yield block


def _sort(number: int, line: str, block: _Block) -> None:
    """Before the first option only `A` opens one, so that a text may begin with “I. Newton”."""
    answer, option = _ANSWER.match(line), _OPTION.match(line)
    if answer:
        block.answer = number, answer[1].strip()
    elif option and (block.options or option[1] == "A"):
        block.options.append((number, line))
    elif block.options:
        block.stray.append(number)
    else:
        block.stem.append((number, line))


def _draft(block: _Block, language: str, new_option_id: Callable[[], str]) -> Draft:
    """Make a draft. Raises NotReadable, its `at` the line's number."""
    if not block.stem:
        raise NotReadable(Code.REQUIRED, block.first, "the question has no text")
    if block.stray:
        message = "the line is neither an option (A. or A) and a blank) nor the ANSWER"
        raise NotReadable(Code.SYNTAX, block.stray[0], message)
    stem = "\n".join(line for _, line in block.stem)
    text = _localized(stem, block.first, "the question's text", limits.QUESTION, language)
    options = _options(block, language, new_option_id)
    right = _right(block, len(options))
    return Draft(
        line=block.first,
        title=None,
        content=Content(type=QuestionType.SINGLE_CHOICE, text=text, options=options),
        key=ChoiceKey(correct=(options[right].id,)),
        tags=Tags(),
    )


def _options(block: _Block, language: str, new_option_id: Callable[[], str]) -> tuple[Option, ...]:
    if len(block.options) < 2:
        raise NotReadable(Code.INVALID, block.first, "a choice needs at least two options")
    if len(block.options) > len(ascii_uppercase):
        raise NotReadable(Code.TOO_MANY, block.first, "a question has at most 26 options")
    found: list[Option] = []
    for (number, line), letter in zip(block.options, ascii_uppercase, strict=False):
        if line[0] != letter:
            raise NotReadable(Code.SYNTAX, number, f"option {letter} is expected here, not {line[0]}")
        text = _localized(line[2:].strip(), number, f"option {letter}", limits.OPTION, language)
        found.append(Option(id=new_option_id(), text=text))
    return tuple(found)


def _right(block: _Block, options: int) -> int:
    if block.answer is None:
        raise NotReadable(Code.NO_KEY, block.first, "the question has no ANSWER")
    number, letter = block.answer
    if len(letter) != 1 or letter.upper() not in ascii_uppercase:
        raise NotReadable(Code.SYNTAX, number, "ANSWER is followed by one letter")
    right = ascii_uppercase.index(letter.upper())
    if right >= options:
        raise NotReadable(Code.UNKNOWN_OPTION, number, f"there is no option {letter.upper()}")
    return right


def _localized(text: str, line: int, what: str, limit: int, language: str) -> Localized:
    if len(text) > limit:
        raise NotReadable(Code.TOO_LARGE, line, f"{what} is longer than {limit} characters")
    character = NOT_TEXT.search(text)
    if character:
        message = f"{what} holds the character U+{ord(character.group()):04X}, which is no text"
        raise NotReadable(Code.INVALID, line, message)
    if not text:
        raise NotReadable(Code.REQUIRED, line, f"{what} is empty")
    return {language: to_markdown(text, TextFormat.PLAIN).text}
