"""An entity's properties as bytes: JSON for what JSON can say, raw bytes behind it for what it cannot.

Layout: 4 bytes of the header's length, the header (a JSON object of the properties), then all byte strings one
after another. In the header a tuple is a list, and three values are objects: `{"t": microseconds since 1970}`,
`{"b": [start, end]}` within the bytes behind the header, `{"f": "nan" | "inf" | "-inf"}`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import orjson

from store.instants import from_microseconds, to_microseconds
from store.port import Scalar, Value

_PLAIN: Final = frozenset({str, int, bool, type(None)})
_LENGTH_BYTES: Final = 4


def pack(properties: Mapping[str, Value]) -> bytes:
    """Return the bytes of properties that `store.limits` has accepted."""
    raw = bytearray()
    header = orjson.dumps({name: _to_json(value, raw) for name, value in properties.items()})
    return b"".join((len(header).to_bytes(_LENGTH_BYTES, "big"), header, raw))


def unpack(data: bytes) -> dict[str, Value]:
    """Return the properties that `pack` was given."""
    end = _LENGTH_BYTES + int.from_bytes(data[:_LENGTH_BYTES], "big")
    properties: dict[str, Any] = orjson.loads(data[_LENGTH_BYTES:end])
    for name, value in properties.items():
        if isinstance(value, list | dict):
            properties[name] = _from_json(value, data, end)
    return properties


def _to_json(value: Value, raw: bytearray) -> Any:
    if type(value) in _PLAIN:
        return value
    if isinstance(value, tuple):
        return [_to_json(item, raw) for item in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else {"f": str(value)}
    if isinstance(value, datetime):
        return {"t": to_microseconds(value)}
    if isinstance(value, bytes):
        start = len(raw)
        raw += value
        return {"b": [start, len(raw)]}
    return str(value) if isinstance(value, str) else value


def _from_json(value: Any, data: bytes, end: int) -> Value:
    if isinstance(value, list):
        return tuple(_scalar_from_json(item, data, end) for item in value)
    return _scalar_from_json(value, data, end)


def _scalar_from_json(value: Any, data: bytes, end: int) -> Scalar:
    match value:
        case {"t": int(instant)}:
            return from_microseconds(instant)
        case {"b": [int(start), int(stop)]}:
            return data[end + start : end + stop]
        case {"f": str(name)}:
            return float(name)
    scalar: Scalar = value
    return scalar
