"""Where handlers find the platform: its services, and the event loop on which they live as long as the process."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from store.loop_thread import LoopThread
from tenants.registry import TenantRegistry
from tp.services.catalogue import Catalogue
from tp.services.exporting.purge import TenantPurging


@dataclass(frozen=True, slots=True)
class Workshop:
    """`folder`: where files are written that no tenant's namespace may hold."""

    loop: LoopThread
    registry: TenantRegistry
    catalogue: Catalogue
    purging: TenantPurging
    folder: Path
