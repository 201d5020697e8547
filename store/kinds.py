"""The catalogue of kinds that a store is opened with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from store.errors import Unsupported
from store.names import KIND_BYTES, is_reserved
from store.port import KEY, Kind


class Kinds:
    """Kinds by name, checked once: a mistake in a declaration is the programmer's, hence ValueError."""

    def __init__(self, kinds: Iterable[Kind]) -> None:
        self._by_name: Mapping[str, Kind] = MappingProxyType({kind.name: kind for kind in map(_checked, kinds)})

    def __getitem__(self, name: str) -> Kind:
        """Return the kind; raise Unsupported when it was not declared."""
        try:
            return self._by_name[name]
        except KeyError:
            raise Unsupported(f"the kind {name!r} is not declared") from None

    def __iter__(self) -> Iterator[Kind]:
        return iter(self._by_name.values())


def _checked(kind: Kind) -> Kind:
    if not kind.name or is_reserved(kind.name) or len(kind.name.encode()) > KIND_BYTES:
        raise ValueError(f"not a kind's name: {kind.name!r}")
    for composite in kind.composites:
        if len(composite) < 2 and composite != (KEY,):
            raise ValueError(f"{kind.name}: {composite} is no composite")
        undeclared = set(composite[:-1]) - kind.indexed
        if composite[-1] != KEY:
            undeclared |= {composite[-1]} - kind.indexed
        if undeclared or len(set(composite)) != len(composite):
            raise ValueError(f"{kind.name}: {composite} must be distinct properties that are indexed")
    return kind
