"""How deep JSON in a record may be: what reads records gives up at 200 levels, and records hold one another."""

from __future__ import annotations

from typing import Final

from pydantic_core import from_json

DEEPEST: Final = 100

_PARSER_LEVELS = 200
_ROOM = _PARSER_LEVELS - DEEPEST
_BEFORE, _BEHIND = b"[" * _ROOM, b"]" * _ROOM


def too_deep(text: bytes) -> bool:
    """Tell whether JSON is nested deeper than a record takes."""
    try:
        from_json(_BEFORE + text + _BEHIND)
    except ValueError:
        return True
    return False
