"""How many processes of a queue's a node runs."""

from __future__ import annotations

from collections.abc import Collection


def share(count: int, nodes: Collection[str], name: str) -> int:
    """Return the part of `count` that falls to `name` among the live nodes, itself included; at least one."""
    names = sorted({*nodes, name})
    each, over = divmod(count, len(names))
    return max(1, each + (names.index(name) < over))
