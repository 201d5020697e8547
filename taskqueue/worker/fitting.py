"""What of a handler's making fits into its record."""

from __future__ import annotations

import json

from pydantic import JsonValue

from taskqueue.contract import PAYLOAD_BYTES
from taskqueue.nesting import DEEPEST, too_deep

MESSAGE_CHARACTERS = 500


class DoesNotFit(ValueError):
    """A value that is not JSON, or is too large as JSON."""


def as_json(value: object, beside: JsonValue = None) -> JsonValue:
    """Return the value as JSON gives it back. `beside`: what shares its room in the record.

    Raises DoesNotFit.
    """
    try:
        text = json.dumps(value, allow_nan=False, ensure_ascii=False)
        size = len(text.encode()) + len(json.dumps(beside, ensure_ascii=False).encode())
    except (TypeError, ValueError, RecursionError) as error:
        raise DoesNotFit(f"not JSON: {error}") from error
    if size > PAYLOAD_BYTES:
        raise DoesNotFit(f"{size} bytes where {PAYLOAD_BYTES} are allowed")
    if too_deep(text.encode()):
        raise DoesNotFit(f"nested deeper than {DEEPEST} levels")
    fitting: JsonValue = json.loads(text)
    return fitting


def as_message(error: BaseException) -> str:
    """Return what an error says, short enough for a record."""
    told = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return clipped(told)


def clipped(text: str) -> str:
    """Return as much of a text as a record takes, in characters that it takes."""
    return text[:MESSAGE_CHARACTERS].encode(errors="replace").decode()
