"""Frozen values: of a value that never changes, the answer's bytes are made once and spliced in from then on.

A type is declared frozen by a function that gives a key for a value. The declaration promises that everything that
can be selected below the value depends on nothing but the key and the arguments, least of all on who asks. Values
below which an error occurred are never kept.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any

import orjson
from graphql import GraphQLObjectType

from graphql_compiler.encoding import dumped
from graphql_compiler.unfinished import Unfinished

if TYPE_CHECKING:
    from graphql_compiler.plan import Plan
    from graphql_compiler.positions import Completer, Position
    from graphql_compiler.run import Run
    from graphql_compiler.steps import Steps

KeyOf = Callable[[Any, Any], Hashable | None]
"""Of a value and the context, the key, such as (id, version); `None` for a value that is not frozen."""

ENTRY_BYTES = 400
"""What an entry takes beside its bytes, about."""


class FrozenValues:
    """Bytes by key, the last used of them, in at most `limit` bytes of memory."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._lock = Lock()
        self.bytes = 0
        self.hits = 0
        self.misses = 0

    def __len__(self) -> int:
        return len(self._held)

    def get(self, key: Hashable) -> Any:
        """Return what is kept under a key, `None` for nothing. Raises TypeError for a key that is not hashable."""
        with self._lock:
            held = self._held.get(key)
            if held is None:
                self.misses += 1
                return None
            self._held.move_to_end(key)
            self.hits += 1
            return held[0]

    def keep(self, key: Hashable, content: bytes | list[bytes]) -> Any:
        """Keep bytes, or parts of them, at the cost of those used longest ago; return what `get` will."""
        kept: Any = orjson.Fragment(content) if isinstance(content, bytes) else content
        size = ENTRY_BYTES + (len(content) if isinstance(content, bytes) else sum(map(len, content)))
        with self._lock:
            if size <= self._limit:
                replaced = self._held.pop(key, None)
                self.bytes += size - (replaced[1] if replaced else 0)
                self._held[key] = kept, size
                while self.bytes > self._limit:
                    self.bytes -= self._held.popitem(last=False)[1][1]
        return kept


Apart = Mapping[str, Callable[[Any], Any]]
"""By field, what reads it off a value: a field that the key leaves open, of a number, a text or the like."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """Which object types are frozen, by name, and where their bytes are kept.

    `apart`, by type: the fields that may differ between values of one key. What reads them gives what the field's
    resolver would, as JSON has it; it is put between the bytes that are kept.
    """

    keys: Mapping[str, KeyOf]
    values: FrozenValues = field(default_factory=lambda: FrozenValues(16 * 2**20))
    apart: Mapping[str, Apart] = field(default_factory=dict)


def freezing(
    plan: Plan, frozen: Frozen, type_: GraphQLObjectType, position: Position, complete: Completer
) -> Completer:
    """Return a completer that keeps and reuses bytes."""
    values = frozen.values
    key_of = frozen.keys[type_.name]
    selection = object()
    names = sorted(plan.variables_below(position.nodes))
    apart = frozen.apart.get(type_.name, {})
    read = {
        selected.response_name: apart[selected.nodes[0].name.value]
        for selected in plan.fields(type_, position)
        if selected.nodes[0].name.value in apart
    }
    readers = [*read.values()]

    def complete_frozen(run: Run, value: Any, path: Steps) -> Any:
        own = key_of(value, run.context)
        if own is None:
            return complete(run, value, path)
        key: tuple[Hashable, ...] = selection, own
        if names:
            key += (*(_exact(run.variables.get(name, _missing)) for name in names),)
        try:
            held = values.get(key)
        except TypeError:  # a variable that cannot be hashed
            return complete(run, value, path)
        if held is not None:
            return held if not read else _joined(held, readers, value)
        errors = len(run.errors.told)

        def keep(completed: Any) -> Any:
            if completed is None or len(run.errors.told) != errors:
                return completed
            try:
                if read:
                    values.keep(key, dumped({**completed, **dict.fromkeys(read, _GAP)}).split(_MARK))
                    return completed
                return values.keep(key, dumped(completed))
            except orjson.JSONEncodeError:  # a scalar's result that is not JSON: told when the whole is encoded
                return completed

        completed = complete(run, value, path)
        if type(completed) is Unfinished:
            completed.on_finish = keep
            return completed
        return keep(completed)

    return complete_frozen


_MARK = b"\0"
"""What no JSON holds: in its texts it is escaped."""

_GAP = orjson.Fragment(_MARK)


def _joined(parts: Sequence[bytes], readers: Sequence[Callable[[Any], Any]], value: Any) -> orjson.Fragment:
    """Return kept parts with what is read off a value in the gaps between them."""
    joined = parts[0]
    for place, read in enumerate(readers, start=1):
        joined += dumped(read(value)) + parts[place]
    return orjson.Fragment(joined)


class _Missing:
    """Stands for a variable without a value."""


_missing = _Missing()


def _exact(value: object) -> Hashable:
    """Return a key that tells apart what Python takes for equal: 1, 1.0 and true, 0.0 and -0.0."""
    return (type(value), repr(value) if isinstance(value, float) else value)
