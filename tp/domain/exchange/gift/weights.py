"""Percentages before an answer: `%50%`, `%-33.33333%`."""

from __future__ import annotations

import re
from fractions import Fraction

from tp.domain.exchange import limits
from tp.domain.exchange.errors import NotReadable
from tp.domain.exchange.gift.scribe import Scribe
from tp.domain.exchange.gift.spans import BLANK, Span
from tp.domain.exchange.imported import LossCode
from tp.domain.problem import Code

_PERCENT = re.compile(rf"[{BLANK}]*+%[{BLANK}]*+(-?\d{{1,3}}(?:\.\d{{0,9}})?)[{BLANK}]*+%", re.ASCII)
_LARGEST_DENOMINATOR = 12
_ROUNDED = Fraction(1, 10_000)
_PLACES = 5


def weighted(span: Span) -> tuple[Fraction | None, Span]:
    """Split the percentage off an answer. Raises NotReadable beyond 100 and when it is not exact.

    Decimals that round a fraction, as Moodle's `33.33333` and `16.66667`, become that fraction.
    """
    found = _PERCENT.match(span.shielded)
    if not found:
        return None, span.strip()
    share = Fraction(found[1]) / 100
    if abs(share) > 1:
        raise NotReadable(Code.INVALID, span.at, "a percentage lies between -100 and 100")
    places = len(found[1].partition(".")[2])
    simple = share.limit_denominator(_LARGEST_DENOMINATOR)
    if places >= 2 and abs(simple - share) < _ROUNDED:
        share = simple
    elif places > _PLACES:
        raise NotReadable(Code.INVALID, span.at, f"a percentage has at most {_PLACES} decimals")
    return share, span.cut(found.end()).strip()


def credited(span: Span) -> tuple[Fraction, Span]:
    """Split the credit off an accepted answer: 0 to 1, all of it by default."""
    share, rest = weighted(span)
    if share is not None and share < 0:
        raise NotReadable(Code.INVALID, span.at, "an accepted answer cannot have a negative percentage")
    return Fraction(1) if share is None else share, rest


def check_credit(scribe: Scribe, shares: list[Fraction], at: int) -> None:
    """Refuse answers of which none earns anything, note those of which none earns everything."""
    if not any(share > 0 for share in shares):
        raise NotReadable(Code.NO_KEY, at, "no answer earns any marks")
    if max(shares) < 1:
        scribe.lose(at, LossCode.WEIGHTS, "no answer earns full marks")


def check_count(found: int, at: int) -> None:
    if found > limits.ANSWERS:
        raise NotReadable(Code.TOO_MANY, at, f"a question has at most {limits.ANSWERS} answers")
