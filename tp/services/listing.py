"""One page of a list, as every service answers it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from store.port import Entity, Page

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    """`cursors[i]` continues after `items[i]`; `next` is `None` when no more follow."""

    items: tuple[T, ...]
    cursors: tuple[str, ...]
    next: str | None


def listing(page: Page, read: Callable[[Entity], T]) -> Listing[T]:
    """Return a page of a query with every entity read, such as by a table's `record`."""
    return Listing(tuple(read(entity) for entity in page.entities), page.cursors, page.next)
