"""What a store may raise.

StoreError
├── AlreadyExists      insert of a key that is there
├── Conflict           a transaction lost to others more often than it may be re-run
├── Unavailable        the store could not be reached; nothing was written
├── OutcomeUnknown     a commit timed out; it may have happened: re-read, never blindly repeat
├── TooLarge           an entity, a key, a lookup or a commit over the store's limit
└── Unsupported        a query or a value that the production store would refuse
    └── BadCursor      a cursor that is broken, or of another query or namespace
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from store.port import Key


class StoreError(Exception):
    """Anything that a store raises."""


class AlreadyExists(StoreError):
    """An insert met a key that is there; `keys` names those inserted in the refused commit that exist,
    or all that were inserted where the store does not tell which."""

    def __init__(self, keys: tuple[Key, ...]) -> None:
        super().__init__(f"already exists: {', '.join(map(str, keys))}")
        self.keys = keys


class Conflict(StoreError):
    """A transaction was re-run `attempts` times and lost each time."""

    def __init__(self, attempts: int) -> None:
        super().__init__(f"gave up after {attempts} conflicting attempts")
        self.attempts = attempts


class Unavailable(StoreError):
    """The store could not be reached; nothing was written."""


class OutcomeUnknown(StoreError):
    """A commit got no answer in time; it may or may not have happened."""


class TooLarge(StoreError):
    """`what` has `size` where the store takes `limit` (bytes, or entities for a lookup or commit)."""

    def __init__(self, what: str, size: int, limit: int) -> None:
        super().__init__(f"{what}: {size} is over the limit of {limit}")
        self.what = what
        self.size = size
        self.limit = limit


class Unsupported(StoreError):
    """A query shape or value that the production store would refuse or answer with nothing."""


class BadCursor(Unsupported):
    """What was given as a cursor does not continue this query."""
