"""The texts of a paper as they were rendered when it was frozen."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from functools import cached_property

import orjson
import zstandard

from tp.domain.value import Frozen

_LEVEL = 10


class Rendition(Frozen):
    """`packed`: zstd of JSON in base 64, for MathML is long and all alike, and an entity is short."""

    test_id: str
    version: int
    packed: str

    @classmethod
    def of(cls, test_id: str, version: int, html: Mapping[str, str]) -> Rendition:
        written = zstandard.ZstdCompressor(level=_LEVEL).compress(orjson.dumps(dict(html)))
        return cls(test_id=test_id, version=version, packed=b64encode(written).decode())

    @cached_property
    def html(self) -> Mapping[str, str]:
        """Texts as they are written to the HTML that shows them."""
        html: dict[str, str] = orjson.loads(zstandard.ZstdDecompressor().decompress(b64decode(self.packed)))
        return html
