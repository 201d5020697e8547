"""How a node and its processes are put together from the settings."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from taskqueue.bootstrap import open_store, plugins
from taskqueue.broker import Broker, broker_at
from taskqueue.celery_app import VISIBILITY_SECONDS, make_app
from taskqueue.contract import Plugin
from taskqueue.doorbell import CeleryDoorbell
from taskqueue.picking import Picker
from taskqueue.settings import Settings
from taskqueue.tables import NAMESPACE
from taskqueue.worker.child import Opened
from taskqueue.worker.limits import Limits
from taskqueue.worker.plugins import Plugins

MEBI = 2**20


def broker_of(settings: Settings) -> Broker:
    """Return the broker that the settings name."""
    return broker_at(settings.broker, settings.data_dir, VISIBILITY_SECONDS)


@dataclass(frozen=True, slots=True)
class Opening:
    """What a node is given before it forks, and what opens the rest in its processes."""

    settings: Settings
    plugins: Sequence[Plugin]

    @classmethod
    def by(cls, settings: Settings) -> Opening:
        """Load the plugins too: before the fork, so that processes share them and start at once."""
        return cls(settings, plugins(settings))

    @property
    def broker(self) -> Broker:
        return broker_of(self.settings)

    @property
    def limits(self) -> Limits:
        settings = self.settings
        limit = settings.memory_limit_mib
        return Limits(
            lease=settings.lease_seconds,
            stop_grace=settings.stop_grace_seconds,
            shutdown_grace=settings.drain_seconds,
            memory_bytes=None if limit is None else limit * MEBI,
        )

    async def child(self) -> Opened:
        """Open, on the loop of a process, what belongs to it alone."""
        store = open_store(self.settings)
        records = store.namespace(NAMESPACE)
        doorbell = CeleryDoorbell(make_app(self.broker))
        picker = Picker(records, doorbell, self.settings.lease_seconds, random.random)
        return Opened(store, records, picker, doorbell, Plugins(self.plugins))
