"""How a node and its processes are put together from the settings."""

from __future__ import annotations

import random
from dataclasses import dataclass

from taskqueue.bootstrap import open_store, plugins
from taskqueue.broker import Broker, broker_at
from taskqueue.celery_app import VISIBILITY_SECONDS, make_app
from taskqueue.doorbell import CeleryDoorbell
from taskqueue.picking import Picker
from taskqueue.settings import Settings
from taskqueue.tables import NAMESPACE
from taskqueue.worker.child import Opened
from taskqueue.worker.limits import Limits
from taskqueue.worker.plugins import Plugins

MEBI = 2**20


@dataclass(frozen=True, slots=True)
class Opening:
    """What a node is given before it forks, and what opens the rest in its processes."""

    settings: Settings

    @property
    def broker(self) -> Broker:
        return broker_at(self.settings.broker, self.settings.data_dir, VISIBILITY_SECONDS)

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
        return Opened(store, records, picker, doorbell, Plugins(plugins(self.settings)))
