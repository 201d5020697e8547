"""Which format and which encoding a client takes (RFC 9110, sections 12.5.1 and 12.5.3)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

JSON: Final = "application/json"
NDJSON: Final = "application/x-ndjson"
ARROW: Final = "application/vnd.apache.arrow.stream"
FORMATS: Final = (JSON, NDJSON, ARROW)
ZSTD: Final = "zstd"
GZIP: Final = "gzip"
ENCODINGS: Final = (ZSTD, GZIP)


def format_of(accept: Sequence[str]) -> str:
    """Return the format that is named with the greatest weight; JSON when none of ours is."""
    weights = _weights(accept)
    named = {media: weights[media] for media in FORMATS if weights.get(media, 0) > 0}
    return max(named, key=lambda media: named[media]) if named else JSON


def encoding_of(accept_encoding: Sequence[str]) -> str | None:
    """Return the encoding named with the greatest weight, `zstd` before `gzip`; `None` for none of ours."""
    weights = _weights(accept_encoding)
    taken = {name: weights.get(name, weights.get("*", 0)) for name in ENCODINGS}
    best = max(ENCODINGS, key=lambda name: taken[name])
    return best if taken[best] > 0 else None


def _weights(lines: Sequence[str]) -> dict[str, float]:
    weights = {}
    for item in ",".join(lines).split(","):
        name, *parameters = (part.strip().lower() for part in item.split(";"))
        weight = next((part[2:] for part in parameters if part.startswith("q=")), "1")
        try:
            weights[name] = float(weight)
        except ValueError:
            weights[name] = 0.0
    return weights
