"""Values that wait: a tree with an awaitable at each leaf, so that a null travels up exactly as far as it must."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from graphql_compiler.positions import Position
    from graphql_compiler.run import Run
    from graphql_compiler.steps import Steps

Then = Callable[["Run", Any, "Steps"], Any]
"""Completes what was awaited: returns the completed value, or another Unfinished in its place."""


class Unfinished:
    """A value in the answer that is awaited itself (`awaitable`), or holds `open` values that are.

    When it is finished it is put into `container[key]`. A group's `value` is there already, with nulls for what
    it waits for. A failure nulls the nearest unfinished value above whose position is nullable.
    """

    __slots__ = (
        "awaitable",
        "container",
        "done",
        "key",
        "on_finish",
        "open",
        "parent",
        "path",
        "position",
        "then",
        "value",
    )

    # Of those that are not set here, `join` sets all.
    container: Any
    key: Any
    path: Steps
    position: Position

    def __init__(self, awaitable: Awaitable[Any] | None = None, then: Then | None = None) -> None:
        self.awaitable = awaitable
        self.then = then
        self.parent: Unfinished | None = None
        self.value: Any = None
        self.open = 0
        self.done = False
        self.on_finish: Callable[[Any], Any] | None = None

    def holding(self, value: Any) -> Unfinished:
        """Return the group with the value in which others are still to be filled in."""
        self.value = value
        return self

    def join(self, group: Unfinished, container: Any, key: Any, position: Position, path: Steps) -> None:
        """Become a part of `group`, at `key` of a container."""
        self.parent = group
        self.container = container
        self.key = key
        self.position = position
        self.path = path
        group.open += 1

    def take_place_of(self, other: Unfinished) -> None:
        """Wait where `other` waited, which is over."""
        self.parent = other.parent
        self.container = other.container
        self.key = other.key
        self.position = other.position
        self.path = other.path
        self.container[self.key] = self.value

    def is_part_of(self, top: Unfinished) -> bool:
        """Tell whether the answer still waits for it: no value above was nulled, or dropped half-made."""
        value: Unfinished | None = self
        while value is not None and not value.done:
            if value is top:
                return True
            value = value.parent
        return False

    def abandon(self) -> None:
        """Close a coroutine that will not be awaited."""
        if isinstance(self.awaitable, Coroutine):
            self.awaitable.close()

    def finish(self) -> None:
        """Have everything above know, as far up as nothing else is waited for."""
        value = self
        while not value.done:
            value.done = True
            if value.on_finish is not None:
                value.container[value.key] = value.on_finish(value.value)
            above = value.parent
            if above is None or above.done:
                return
            above.open -= 1
            if above.open:
                return
            value = above


def wait(
    group: Unfinished | None,
    waiting: list[Unfinished] | None,
    value: Unfinished,
    key: str,
    position: Position,
    path: Steps,
) -> tuple[Unfinished, list[Unfinished], Any]:
    """Note a part of an object that is not made yet: return the group, what waits in the object, and its value."""
    if group is None:
        group = Unfinished()
    value.join(group, None, key, position, path)
    if waiting is None:
        return group, [value], value.value
    waiting.append(value)
    return group, waiting, value.value


def wait_in_list(
    group: Unfinished | None, items: list[Any], value: Unfinished, position: Position, path: Steps
) -> tuple[Unfinished, Any]:
    """Note that the next item of a list is unfinished: return the group, and what the list holds for the time."""
    group = group or Unfinished()
    value.join(group, items, len(items), position, path)
    return group, value.value


def place(waiting: list[Unfinished], container: dict[str, Any]) -> None:
    """Tell the parts of an object that it is made; return that nothing waits in the next one yet."""
    for value in waiting:
        value.container = container
