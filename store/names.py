"""Names that Datastore keeps for itself."""

from __future__ import annotations

from typing import Final

KIND_BYTES: Final = 1_500


def is_reserved(name: str) -> bool:
    """Tell whether Datastore keeps `name` (of a kind, an id, a property, a namespace) for itself."""
    return len(name) >= 4 and name.startswith("__") and name.endswith("__")
