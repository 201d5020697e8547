"""What every domain value is: frozen, closed to unknown fields, exact about marks and instants."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from fractions import Fraction
from typing import Annotated, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, PlainSerializer

MARKS_TEXT = re.compile(r"[+-]?[0-9]{1,9}(?:/[0-9]{1,9}|\.[0-9]{1,9})?")
STORED_TEXT = re.compile(r"-?(?:0|[1-9][0-9]{0,3999})(?:/[1-9][0-9]{0,3999})?")


class Frozen(BaseModel):
    """A value: equal by content, never changed after it is made."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Indexed(Frozen):
    """A value that remembers what it worked out of its fields, in cached properties; a copy works it out anew."""

    def __copy__(self) -> Self:
        copied = super().__copy__()
        for name in copied.__dict__.keys() - type(self).model_fields.keys():
            del copied.__dict__[name]
        return copied


def marks_of(value: object) -> Fraction:
    """Return exact marks from an int, a Fraction or text such as `4`, `-1/3`, `0.25`; never from a float.

    Raises ValueError for anything else, a zero denominator, or more than nine digits on either side.
    """
    if isinstance(value, Fraction):
        return value
    if isinstance(value, bool):
        raise ValueError("marks are a number, not a truth value")
    if isinstance(value, int):
        value = str(value)
    if not isinstance(value, str) or not MARKS_TEXT.fullmatch(value.strip()):
        raise ValueError('marks are written as "4", "-1/3" or "0.25"')
    try:
        return Fraction(value.strip())
    except ZeroDivisionError:
        raise ValueError("marks cannot have a zero denominator") from None


def _stored(value: object) -> Fraction:
    """Read marks as `str` of a Fraction writes them, however long scaling and summing made them, or as typed."""
    if isinstance(value, Fraction):
        return value
    if isinstance(value, str) and STORED_TEXT.fullmatch(value):
        return Fraction(value)
    return marks_of(value)


Marks = Annotated[Fraction, BeforeValidator(_stored), PlainSerializer(str, return_type=str)]
"""Exact rational marks; `-1/3` in JSON is the text `"-1/3"`. What was stored is read back however long it is;
what a person typed goes through `marks_of`, which bounds it."""

Instant = Annotated[AwareDatetime, AfterValidator(lambda at: at.astimezone(UTC))]
"""An aware instant, normalised to UTC."""

Localized = dict[str, str]
"""Text per language: `{"en": "…", "hi": "…"}`, Markdown with `$…$` LaTeX, never empty."""

LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}")
"""How a language is named, as BCP 47 does: `en`, `hi`, `pt-BR`, `sr-Latn-RS`."""


def utc(at: datetime) -> datetime:
    """Normalise an aware datetime to UTC."""
    return at.astimezone(UTC)
