"""Lists as services read them: in parts of bounded size, each with the cursor that continues after it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from store.errors import BadCursor
from tp.domain.value import Frozen, Instant

SETTLING = timedelta(minutes=2)
"""How long a commit may take to be seen after the instant it is stamped with, clocks' differences included."""

Columns = Mapping[str, Sequence[Any]]
"""Rows by their columns, all of one length; every part of a list has the same columns in the same order."""

C = TypeVar("C", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows of a list; `next` continues after the last of them, and is `None` when no more follow."""

    columns: Columns
    next: str | None

    @property
    def size(self) -> int:
        return len(next(iter(self.columns.values())))


Parts = AsyncIterator[Part]


class Place(Frozen):
    """What every cursor holds. `as_of`: all that changed from then on must be asked for again."""

    as_of: Instant


def as_of(now: datetime) -> datetime:
    """Return the instant to which a list that begins now is complete."""
    return now - SETTLING


def seal(place: BaseModel) -> str:
    """Return a place as an opaque cursor."""
    return base64.urlsafe_b64encode(place.model_dump_json(exclude_none=True).encode()).decode().rstrip("=")


def unseal(cursor: str, model: type[C]) -> C:
    """Return the place in a cursor. Raises BadCursor."""
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        return model.model_validate_json(raw)
    except (binascii.Error, ValueError, ValidationError):
        raise BadCursor("not a cursor of this list") from None
