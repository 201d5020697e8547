"""Index entries whose byte order is Datastore's order of values.

A value is a tag of its type followed by bytes that sort as the values do; strings sort by their UTF-8 bytes.
Within one type the order is Datastore's; between types it is null, booleans, integers, times, strings, floats.
Datastore interleaves some of these types, therefore a property holds one type (or null) in all entities of a kind.
"""

from __future__ import annotations

import itertools
import struct
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from store.instants import to_microseconds
from store.port import KEY, Kind, Scalar, Value

AFTER_EVERY_VALUE: Final = b"\xff"

_NULL, _BOOL, _INT, _TIME, _TEXT, _FLOAT = (bytes([tag]) for tag in (0x10, 0x20, 0x30, 0x40, 0x50, 0x60))
_SIGN_BIT: Final = 1 << 63
_ALL_BITS: Final = (1 << 64) - 1

Entry = tuple[str, bytes]
"""The name of an index and a value in it."""


def index_name(properties: Iterable[str]) -> str:
    """Return the name of the index over one property or of a composite."""
    return "\x1f".join(properties)


def entries_of(kind: Kind, properties: Mapping[str, Value]) -> set[Entry]:
    """Return the entries of an entity: one per indexed value, and one per combination in a composite."""
    values = {name: _values(properties[name]) for name in kind.indexed if name in properties}
    entries = {(name, value) for name, encoded in values.items() for value in encoded}
    for composite in kind.composites:
        if composite[-1] != KEY and all(name in values for name in composite):
            for *equal, last in itertools.product(*(values[name] for name in composite)):
                entries.add((index_name(composite), prefix(equal) + last))
    return entries


def prefix(equal: Iterable[bytes]) -> bytes:
    """Return what entries of a composite begin with whose leading values are these."""
    return b"".join(len(value).to_bytes(2, "big") + value for value in equal)


def encode(value: Scalar) -> bytes:
    """Return the bytes of a value in an index. Bytes are never indexed, and are no argument."""
    if value is None:
        return _NULL
    if isinstance(value, bool):
        return _BOOL + bytes([value])
    if isinstance(value, int):
        return _INT + (value + _SIGN_BIT).to_bytes(8, "big")
    if isinstance(value, datetime):
        return _TIME + (to_microseconds(value) + _SIGN_BIT).to_bytes(8, "big")
    if isinstance(value, str):
        return _TEXT + value.encode()
    assert isinstance(value, float)
    return _FLOAT + _float_bits(value).to_bytes(8, "big")


def after_type_of(encoded: bytes) -> bytes:
    """Return the bytes that follow every value of the type of `encoded`."""
    return bytes([encoded[0] + 1])


def _float_bits(value: float) -> int:
    # Adding zero makes -0.0 equal to 0.0; flipping makes the IEEE order the order of unsigned integers.
    (bits,) = struct.unpack(">Q", struct.pack(">d", value + 0.0))
    return int(bits ^ _ALL_BITS if bits & _SIGN_BIT else bits | _SIGN_BIT)


def _values(value: Value) -> set[bytes]:
    items = value if isinstance(value, tuple) else (value,)
    return {encode(item) for item in items if not isinstance(item, bytes)}
