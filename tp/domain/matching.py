"""How much of full marks a response deserves, by comparing it with the key. Knows nothing of penalties."""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction
from itertools import islice

from tp.domain.marking import Partial, Rule
from tp.domain.numeric import parse_decimal, rounded
from tp.domain.question import ChoiceKey, Key, MatrixKey, NumericKey, OrderKey, QuestionType, TextKey
from tp.domain.response import Response

NOTHING = Fraction(0)
ALL = Fraction(1)


def share(type_: QuestionType, key: Key, rule: Rule, response: Response) -> Fraction:
    """Return the fraction, 0…1, of full marks that `response` deserves.

    Raises ValueError for an essay, which no rule can judge.
    """
    match key:
        case ChoiceKey():
            chosen = response.options or ()
            if type_ is QuestionType.SINGLE_CHOICE:
                return _single(key, rule, chosen)
            return _multiple(key, rule, frozenset(chosen))
        case NumericKey():
            return _whole_unless_weighted(_number(key, rule, response.text or ""), rule)
        case TextKey():
            return _whole_unless_weighted(_text(key, response.text or ""), rule)
        case MatrixKey():
            return _matrix(key, rule, response.matrix or {})
        case OrderKey():
            return ALL if response.options == key.order else NOTHING
    raise ValueError("an essay is graded by hand")


def _single(key: ChoiceKey, rule: Rule, chosen: tuple[str, ...]) -> Fraction:
    if len(chosen) != 1:
        return NOTHING
    if chosen[0] in key.correct:
        whole = ALL
    else:
        whole = NOTHING
    if rule.partial is Partial.WEIGHTED:
        return _clipped(key.weights.get(chosen[0], whole))
    return whole


def _multiple(key: ChoiceKey, rule: Rule, chosen: frozenset[str]) -> Fraction:
    correct = frozenset(key.correct)
    if chosen == correct:
        return ALL
    if rule.partial is Partial.PER_OPTION and chosen < correct and rule.correct > 0:
        return _clipped(rule.per_option * len(chosen) / rule.correct)
    if rule.partial is Partial.WEIGHTED:
        return _clipped(sum((key.weights.get(option, NOTHING) for option in chosen), NOTHING))
    return NOTHING


def _number(key: NumericKey, rule: Rule, typed: str) -> Fraction:
    try:
        number = rounded(parse_decimal(typed), rule.rounding, rule.places)
    except ValueError:
        return NOTHING
    for answer in key.answers:
        if parse_decimal(answer.low) <= number <= parse_decimal(answer.high):
            return answer.fraction
    return NOTHING


def _text(key: TextKey, typed: str) -> Fraction:
    said = normalised(typed, case_sensitive=key.case_sensitive).strip()
    for answer in key.answers:
        if matches_pattern(said, answer.text, case_sensitive=key.case_sensitive):
            return answer.fraction
    return NOTHING


def _matrix(key: MatrixKey, rule: Rule, matched: dict[str, tuple[str, ...]]) -> Fraction:
    right = sum(set(matched.get(row, ())) == set(columns) for row, columns in key.rows.items())
    if right == len(key.rows):
        return ALL
    return Fraction(right, len(key.rows)) if rule.partial is Partial.PER_ROW else NOTHING


def _whole_unless_weighted(deserved: Fraction, rule: Rule) -> Fraction:
    if rule.partial is Partial.WEIGHTED:
        return _clipped(deserved)
    return ALL if deserved >= 1 else NOTHING


def _clipped(value: Fraction) -> Fraction:
    return min(ALL, max(NOTHING, value))


def normalised(text: str, *, case_sensitive: bool) -> str:
    """Unicode NFKC, runs of white space made one space, case folded; the ends are left to the caller."""
    text = unicodedata.normalize("NFKC", text)
    if not case_sensitive:
        text = unicodedata.normalize("NFKC", text.casefold())
    words = " ".join(text.split())
    if not words:
        return " " if text else ""
    return (" " if text[0].isspace() else "") + words + (" " if text[-1].isspace() else "")


def matches_pattern(said: str, pattern: str, *, case_sensitive: bool) -> bool:
    r"""Tell whether normalised `said` is `pattern`, where `*` stands for any run of characters, `\*` for a star.

    Each literal piece is sought once, left to right, so the time grows with the lengths and never explodes.
    """
    pieces = [normalised(piece, case_sensitive=case_sensitive) for piece in _pieces(pattern)]
    pieces[0] = pieces[0].lstrip()
    pieces[-1] = pieces[-1].rstrip()
    if len(pieces) == 1:
        return said == pieces[0]
    if not said.startswith(pieces[0]):
        return False
    place = len(pieces[0])
    for piece in islice(pieces, 1, len(pieces) - 1):
        found = said.find(piece, place)
        if found < 0:
            return False
        place = found + len(piece)
    return len(said) - len(pieces[-1]) >= place and said.endswith(pieces[-1])


def _pieces(pattern: str) -> list[str]:
    r"""Split at every `*` that no backslash escapes."""
    return [piece.replace(r"\*", "*") for piece in re.split(r"(?<!\\)\*", pattern)]
