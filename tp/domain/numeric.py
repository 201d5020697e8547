"""Numbers as students type them: decimal text, read exactly."""

from __future__ import annotations

import re
from fractions import Fraction

from tp.domain.marking import Rounding

MAX_LENGTH = 40
MAX_EXPONENT = 30
DECIMAL_TEXT = re.compile(r"([+-]?)([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]{1,40}))?")
MINUS_SIGN = "\u2212"


def parse_decimal(text: str) -> Fraction:
    """Read a decimal such as `-3.25`, `.5`, `6.02e23` exactly; spaces around it do not count.

    A sign may be `+`, `-` or U+2212. Digits are 0-9 only, the point is `.`, at most 40 characters, and the
    exponent stays within ±30. Raises ValueError, with a message for the student, for anything else.
    """
    typed = text.strip()
    if not typed:
        raise ValueError("type a number")
    if len(typed) > MAX_LENGTH:
        raise ValueError(f"a number has at most {MAX_LENGTH} characters")
    match = DECIMAL_TEXT.fullmatch(typed.replace(MINUS_SIGN, "-"))
    if match is None or not (match[2] or match[3]):
        raise ValueError('type a decimal number such as "-3.25", with the digits 0-9 and a point')
    sign, whole, decimals, power = match[1], match[2], match[3] or "", int(match[4] or 0)
    if abs(power) > MAX_EXPONENT:
        raise ValueError(f"an exponent lies between -{MAX_EXPONENT} and {MAX_EXPONENT}")
    digits, shift = int(whole + decimals), power - len(decimals)
    size = Fraction(digits * 10**shift) if shift >= 0 else Fraction(digits, 10**-shift)
    return -size if sign == "-" else size


def rounded(value: Fraction, rounding: Rounding, places: int) -> Fraction:
    """Keep `places` decimals. Halves go away from zero, as taught in schools and as `ROUND_HALF_UP` of
    Python's `decimal` does; truncation goes towards zero."""
    if rounding is Rounding.NONE:
        return value
    scale = 10**places
    size, parts = abs(value.numerator) * scale, value.denominator
    whole = (2 * size + parts) // (2 * parts) if rounding is Rounding.HALF_UP else size // parts
    kept = Fraction(whole, scale)
    return -kept if value < 0 else kept
