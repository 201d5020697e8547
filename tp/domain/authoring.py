"""What makes one question sound: its content, and a key that fits it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from tp.domain.marking import Rounding, Rule
from tp.domain.numeric import parse_decimal
from tp.domain.problem import Code, PathStep, Problem
from tp.domain.question import (
    KEY_KINDS,
    ChoiceKey,
    Content,
    Key,
    MatrixKey,
    NumericKey,
    Option,
    OrderKey,
    QuestionType,
    Tags,
    TextKey,
)
from tp.domain.value import LANGUAGE_TAG, Localized

MAX_PLACES = 9
MAX_TAG = 200
MAX_LABELS = 50
CHOICES = frozenset({QuestionType.SINGLE_CHOICE, QuestionType.MULTIPLE_CHOICE, QuestionType.ORDER})
LISTS: dict[str, frozenset[QuestionType]] = {
    "options": CHOICES,
    "rows": frozenset({QuestionType.MATRIX_MATCH}),
    "columns": frozenset({QuestionType.MATRIX_MATCH}),
}
"""Which types have which lists; each needs two entries at least, but one row makes a matrix."""

GIVEN_BY: dict[str, str] = {
    "CHOICE": "the key of a {} names options by `correct`",
    "NUMERIC": "the key of a {} question is given by `numbers`",
    "TEXT": "the key of a {} question is given by `texts`",
    "MATRIX": "the key of a {} is given by `rows`",
    "ORDER": "the key of an {} question is given by `order`",
    "ESSAY": "an {} is graded by hand: its key is empty",
}
"""How each kind of key is written, by what is told to whom wrote another."""

Path = tuple[PathStep, ...]


def check_content(content: Content, path: Path = ()) -> list[Problem]:
    """Return everything that is wrong with what a student would see."""
    problems = check_text(content.text, (*path, "text"))
    for name, types in LISTS.items():
        problems += _check_list(name, getattr(content, name), content.type in types, (*path, name))
    return problems


def check_key(content: Content, key: Key, path: Path = ("key",)) -> list[Problem]:
    """Return every way in which the key does not fit the question (KEY_MISMATCH) or itself (INVALID).

    Places are in the names of the API's key: accepted answers are `numbers` or `texts`, and weights and rows go
    by their places in it.
    """
    wanted = KEY_KINDS[content.type]
    if key.kind != wanted:
        return [Problem(Code.KEY_MISMATCH, path, GIVEN_BY[wanted].format(content.type))]
    match key:
        case ChoiceKey():
            return _check_choice(content, key, path)
        case NumericKey():
            return _check_numeric(key, path)
        case TextKey():
            return _check_texts(key, path)
        case MatrixKey():
            return _check_matrix(content, key, path)
        case OrderKey():
            if sorted(key.order) != sorted(option.id for option in content.options):
                return [Problem(Code.KEY_MISMATCH, (*path, "order"), "the key must order every item once")]
    return []


def check_rule(rule: Rule, path: Path = ("rule",)) -> list[Problem]:
    """Return what is wrong with a rule by itself."""
    problems: list[Problem] = []
    if rule.correct < 0:
        problems.append(Problem(Code.INVALID, (*path, "correct"), "a right answer cannot lose marks"))
    if rule.wrong > rule.correct:
        problems.append(
            Problem(Code.INVALID, (*path, "wrong"), "a wrong answer cannot earn more than a right one")
        )
    if rule.per_option < 0:
        problems.append(Problem(Code.INVALID, (*path, "perOption"), "an option in the key cannot lose marks"))
    if not 0 <= rule.places <= MAX_PLACES:
        problems.append(Problem(Code.INVALID, (*path, "places"), f"places are between 0 and {MAX_PLACES}"))
    return problems


def check_reachable(key: NumericKey, rule: Rule, path: Path = ("key",)) -> list[Problem]:
    """Return the answers of a sound key that no number could match once it is rounded as `rule` says."""
    if rule.rounding is Rounding.NONE:
        return []
    scale = 10**rule.places
    return [
        Problem(
            Code.KEY_MISMATCH,
            (*path, "numbers", index),
            f"answers are kept to {rule.places} decimals, and none such lies between low and high",
        )
        for index, answer in enumerate(key.answers)
        if -(-parse_decimal(answer.low) * scale // 1) > parse_decimal(answer.high) * scale
    ]


def check_text(text: Localized, path: Path) -> list[Problem]:
    """Return what is wrong with a text that must be there; the place of one language's is that language."""
    if not text:
        return [Problem(Code.REQUIRED, path, "write the text in one language at least")]
    return check_languages_named(text, path) + [
        Problem(Code.REQUIRED, (*path, language), "the text is empty")
        for language, written in text.items()
        if not written.strip() and LANGUAGE_TAG.fullmatch(language)
    ]


def check_languages_named(text: Localized, path: Path) -> list[Problem]:
    return [problem for language in text for problem in check_language(language, path)]


def check_language(language: str, path: Path) -> list[Problem]:
    """Return what is wrong with the name of a language, which is not told back: it may be anything."""
    if LANGUAGE_TAG.fullmatch(language):
        return []
    return [Problem(Code.INVALID, path, "a language is named as `en`, `hi` or `pt-BR`")]


def check_tags(tags: Tags, path: Path) -> list[Problem]:
    """Return which tags are too long, or too many, to be looked for."""
    problems = [
        Problem(Code.TOO_LARGE, (*path, name), f"at most {MAX_TAG} characters")
        for name in ("subject", "topic", "difficulty")
        if len(getattr(tags, name) or "") > MAX_TAG
    ]
    if len(tags.labels) > MAX_LABELS:
        problems.append(Problem(Code.TOO_MANY, (*path, "labels"), f"at most {MAX_LABELS} labels"))
    return problems + [
        Problem(Code.TOO_LARGE, (*path, "labels", place), f"at most {MAX_TAG} characters")
        for place, label in enumerate(tags.labels[:MAX_LABELS])
        if len(label) > MAX_TAG
    ]


def _check_list(name: str, entries: Sequence[Option], belongs: bool, path: Path) -> list[Problem]:
    if not belongs:
        return [Problem(Code.INVALID, path, f"this type of question has no {name}")] if entries else []
    least = 1 if name == "rows" else 2
    problems: list[Problem] = []
    if len(entries) < least:
        problems.append(Problem(Code.INVALID, path, f"give at least {least} {name}"))
    for index in _repeated(entry.id for entry in entries):
        problems.append(Problem(Code.INVALID, (*path, index, "id"), "the same id is used twice"))
    for index, entry in enumerate(entries):
        problems += check_text(entry.text, (*path, index, "text"))
    return problems


def _check_choice(content: Content, key: ChoiceKey, path: Path) -> list[Problem]:
    known = frozenset(option.id for option in content.options)
    problems: list[Problem] = []
    if not key.correct:
        problems.append(Problem(Code.KEY_MISMATCH, (*path, "correct"), "the key names no option"))
    problems += _check_named(key.correct, known, (*path, "correct"))
    for place, (option, weight) in enumerate(key.weights.items()):
        where = (*path, "weights", place)
        if option not in known:
            problems.append(Problem(Code.KEY_MISMATCH, (*where, "ref"), "the question has no such option"))
        if not -1 <= weight <= 1:
            problems.append(Problem(Code.INVALID, (*where, "fraction"), "a weight is between -1 and 1"))
    return problems


def _check_matrix(content: Content, key: MatrixKey, path: Path) -> list[Problem]:
    rows = [row.id for row in content.rows]
    columns = frozenset(column.id for column in content.columns)
    problems = [
        Problem(Code.KEY_MISMATCH, (*path, "rows"), f"row {number} has no column in the key")
        for number, row in enumerate(rows, start=1)
        if not key.rows.get(row)
    ]
    for place, (row, named) in enumerate(key.rows.items()):
        where = (*path, "rows", place)
        if row not in rows:
            problems.append(Problem(Code.KEY_MISMATCH, (*where, "ref"), "the question has no such row"))
        problems += _check_named(named, columns, (*where, "columns"))
    return problems


def _check_named(ids: Sequence[str], known: frozenset[str], path: Path) -> list[Problem]:
    problems = [
        Problem(Code.KEY_MISMATCH, (*path, index), "the question has no such option")
        for index, id_ in enumerate(ids)
        if id_ not in known
    ]
    return problems + [
        Problem(Code.KEY_MISMATCH, (*path, index), "the key names the option twice") for index in _repeated(ids)
    ]


def _check_numeric(key: NumericKey, path: Path) -> list[Problem]:
    problems = _check_some(key.answers, (*path, "numbers"))
    for index, answer in enumerate(key.answers):
        where = (*path, "numbers", index)
        ends: dict[str, Fraction] = {}
        for name, text in (("low", answer.low), ("high", answer.high)):
            try:
                ends[name] = parse_decimal(text)
            except ValueError as error:
                problems.append(Problem(Code.INVALID, (*where, name), str(error)))
        if len(ends) == 2 and ends["low"] > ends["high"]:
            problems.append(Problem(Code.INVALID, where, "low is above high"))
        problems += _check_fraction(answer.fraction, where)
    return problems


def _check_texts(key: TextKey, path: Path) -> list[Problem]:
    problems = _check_some(key.answers, (*path, "texts"))
    for index, answer in enumerate(key.answers):
        where = (*path, "texts", index)
        if not answer.text.strip():
            problems.append(Problem(Code.INVALID, (*where, "text"), "the accepted text is empty"))
        problems += _check_fraction(answer.fraction, where)
    return problems


def _check_some(answers: Sequence[object], path: Path) -> list[Problem]:
    return [] if answers else [Problem(Code.KEY_MISMATCH, path, "the key accepts no answer")]


def _check_fraction(fraction: Fraction, where: Path) -> list[Problem]:
    if 0 <= fraction <= 1:
        return []
    return [Problem(Code.INVALID, (*where, "fraction"), "a fraction of full marks is between 0 and 1")]


def _repeated(ids: Iterable[str]) -> list[int]:
    """Return the places at which an id comes again."""
    seen: set[str] = set()
    places: list[int] = []
    for index, id_ in enumerate(ids):
        if id_ in seen:
            places.append(index)
        seen.add(id_)
    return places
