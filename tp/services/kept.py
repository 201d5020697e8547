"""Every kind that a tenant's namespace may hold: what is exported, and what a purge leaves nothing of."""

from __future__ import annotations

from store.port import Kind
from tp import tables
from tp.services import audit
from tp.services.invigilation import exchange
from tp.services.people import records
from tp.services.reports import records as reports

KINDS: tuple[Kind, ...] = (*records.KINDS, *audit.KINDS, *tables.KINDS, *reports.KINDS, *exchange.KINDS)
