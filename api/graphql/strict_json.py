"""JSON as RFC 8259 has it and nothing that two readers could read differently.

Refused: NaN and infinities, numbers too large for a double, duplicate names, lone surrogates, bytes that are not
UTF-8, and nesting beyond a limit. Integers keep all their digits.
"""

from __future__ import annotations

import json
from typing import Any

import orjson


class NotJson(ValueError):
    """The text is refused; the message says why, and never quotes it."""


def loads(text: bytes, max_depth: int) -> Any:
    """Parse `text`. Raises NotJson."""
    try:
        # The verdict on syntax, encoding, surrogates and numbers; values may lose duplicates and long integers.
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise NotJson(_reason(error)) from None
    # Nesting needs as many brackets: most texts have too few to need a walk.
    walk = text.count(b"[") + text.count(b"{") > max_depth
    if walk:
        _check_depth(value, max_depth)
    # What is written again as it was read has lost nothing: most clients write so, and need no second parser.
    if orjson.dumps(value) == text:
        return value
    value = _slowly(text, max_depth)
    if walk:
        _check_depth(value, max_depth)
    return value


def _check_depth(value: Any, max_depth: int) -> None:
    if deeper_than(value, max_depth):
        raise NotJson(f"nested deeper than {max_depth}")


def _slowly(text: bytes, max_depth: int) -> Any:
    """Parse what is JSON for one reader by another that sees duplicates and keeps digits. Raises NotJson."""
    try:
        return _decoder.decode(text.decode())
    except RecursionError:
        raise NotJson(f"nested deeper than {max_depth}") from None
    except ValueError as error:  # duplicates, integers of thousands of digits
        raise NotJson(str(error).partition("(")[0] if isinstance(error, NotJson) else "number too long") from None


def deeper_than(value: Any, limit: int) -> bool:
    """Tell whether containers are nested more than `limit` deep."""
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(limit):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return False
    return bool(level)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise NotJson("a name occurs twice in an object")
    return value


def _reason(error: orjson.JSONDecodeError) -> str:
    reason = error.msg.partition(":")[0]
    return f"{reason} at line {error.lineno}, column {error.colno}"


_decoder = json.JSONDecoder(object_pairs_hook=_unique)
