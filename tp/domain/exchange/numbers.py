"""Exact decimal numbers from text."""

from __future__ import annotations

import re
from decimal import Context, Decimal

_NUMBER = re.compile(r"[+-]?(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})(?:[eE][+-]?\d{1,2})?", re.ASCII)
_LARGEST_EXPONENT = 40
_EXACT = Context(prec=400)


def exact(text: str) -> Decimal | None:
    """Return the number, `None` for what is none: words, NaN, infinities, or beyond 40 digits on either side."""
    text = text.strip().replace("−", "-")
    if not _NUMBER.fullmatch(text):
        return None
    number = Decimal(text)
    if number and abs(number.adjusted()) > _LARGEST_EXPONENT:
        return None
    return number


def total(left: Decimal, right: Decimal) -> Decimal:
    return _EXACT.add(left, right)


def difference(left: Decimal, right: Decimal) -> Decimal:
    return _EXACT.subtract(left, right)


def as_text(number: Decimal) -> str:
    """Write a number without an exponent, its decimals kept."""
    return format(number, "f") if number else "0"
