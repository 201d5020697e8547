"""The plugins of one worker process."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack

from taskqueue.contract import Handler, Plugin


class Plugins:
    """Enters what a plugin opens when the first of its handlers is to run; `close` leaves all of it."""

    def __init__(self, plugins: Sequence[Plugin]) -> None:
        self._plugin_of = {handler.type: plugin for plugin in plugins for handler in plugin.handlers}
        self._entered: set[int] = set()
        self._left_at_end = ExitStack()
        self.handlers = {handler.type: handler for plugin in plugins for handler in plugin.handlers}

    def enter(self, handler: Handler) -> None:
        """Open what the handler's plugin needs. Raises what the plugin raises, and then tries again next time."""
        plugin = self._plugin_of[handler.type]
        if id(plugin) not in self._entered:
            self._left_at_end.enter_context(plugin.opened())
            self._entered.add(id(plugin))

    def close(self) -> None:
        self._left_at_end.close()
