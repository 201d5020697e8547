"""What a resolved value is to completion, told by its class and remembered: most values need one look-up."""

from __future__ import annotations

from collections.abc import Mapping
from types import GeneratorType, NoneType

from graphql.pyutils import UndefinedType

MAPPING = 1
DICT = 2
PLAIN_DICT = 4
"""A `dict` and of no class derived from it."""
MAPPINGS = MAPPING | DICT | PLAIN_DICT
CALLABLE = 8
NULL = 16
EXCEPTION = 32
AWAITABLE = 64
"""Of a generator: perhaps, as coroutines made by decorators are of the same class."""

PLAIN = CALLABLE
"""Below it: a value that is completed as it is."""
PLAIN_OR_CALLABLE = NULL
"""Below it: the same, where nothing is called."""

REMEMBERED = 4096


class Kinds(dict[type, int]):
    """Kind by class. Without `awaitables` nothing is ever awaited: every value is taken for what it is."""

    def __init__(self, *, awaitables: bool) -> None:
        super().__init__()
        self._awaitables = awaitables

    def __missing__(self, cls: type) -> int:
        if len(self) >= REMEMBERED:  # classes made on the fly are not kept alive for ever
            self.clear()
        kind = self[cls] = self._kind(cls)
        return kind

    def _kind(self, cls: type) -> int:
        kind = 0
        if issubclass(cls, Mapping):
            kind |= MAPPING
        if issubclass(cls, dict):
            kind |= DICT
        if cls is dict:
            kind |= PLAIN_DICT
        if _has(cls, "__call__"):
            kind |= CALLABLE
        if cls is NoneType or issubclass(cls, UndefinedType):
            kind |= NULL
        if issubclass(cls, Exception):
            kind |= EXCEPTION
        if self._awaitables and (cls is GeneratorType or _has(cls, "__await__")):
            kind |= AWAITABLE
        return kind


def _has(cls: type, method: str) -> bool:
    return any(method in vars(base) for base in cls.__mro__)
