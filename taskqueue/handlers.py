"""The handlers that are installed: those of plugins, found by their entry points, and the built-in ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib.metadata import entry_points

from taskqueue.contract import HANDLERS, Handler, Handlers, Plugin
from taskqueue.posting import INTERNAL


class DuplicateHandler(Exception):
    """Two handlers have one type, or a plugin has taken a type that is the task queue's own."""

    def __init__(self, type: str) -> None:
        super().__init__(f"more than one handler does tasks of the type {type!r}")
        self.type = type


class PluginMissing(Exception):
    """A plugin that the settings name is not installed."""

    def __init__(self, name: str) -> None:
        super().__init__(f"no plugin {name!r} is installed")
        self.name = name


def installed_plugins(group: str = HANDLERS, only: Sequence[str] = ()) -> list[Plugin]:
    """Return what the entry points of the group give, in the order of their names; of `only` these, if any.

    Raises PluginMissing, DuplicateHandler, and whatever importing a plugin raises: a service with half its
    handlers would refuse the tasks of the others.
    """
    found = {entry.name: entry for entry in entry_points(group=group)}
    for name in only:
        if name not in found:
            raise PluginMissing(name)
    plugins: list[Plugin] = [found[name].load()() for name in sorted(only or found)]
    for handler in (handler for plugin in plugins for handler in plugin.handlers):
        if handler.type.startswith(INTERNAL):
            raise DuplicateHandler(handler.type)
    return plugins


def handlers_of(plugins: Iterable[Plugin]) -> Handlers:
    """Return the handlers by their types. Raises DuplicateHandler."""
    found: dict[str, Handler] = {}
    for handler in (handler for plugin in plugins for handler in plugin.handlers):
        if handler.type in found:
            raise DuplicateHandler(handler.type)
        found[handler.type] = handler
    return found
