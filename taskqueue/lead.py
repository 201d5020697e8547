"""Which of several processes sweeps: the one that holds a lease in the store."""

from __future__ import annotations

from datetime import datetime, timedelta

from store.errors import Conflict
from store.port import Namespace, Transaction
from taskqueue import tables
from taskqueue.tables import LEADS

_KEY = LEADS.key("sweeper")


class Lead:
    """Sweeping twice does no harm, so the lead saves work and promises nothing."""

    def __init__(self, store: Namespace, owner: str, lasts: timedelta) -> None:
        self._store = store
        self._owner = owner
        self._lasts = lasts

    async def hold(self, now: datetime) -> bool:
        """Take the lead, or keep it; tell whether it is ours."""

        async def work(tx: Transaction) -> bool:
            lead = LEADS.found(await tx.get(_KEY))
            if lead is not None and lead.owner != self._owner and lead.until > now:
                return False
            tx.put(LEADS.entity(tables.Lead(owner=self._owner, until=now + self._lasts)))
            return True

        try:
            return await self._store.transact(work)
        except Conflict:
            return False

    async def resign(self) -> None:
        """Leave the lead to the next who asks."""

        async def work(tx: Transaction) -> None:
            lead = LEADS.found(await tx.get(_KEY))
            if lead is not None and lead.owner == self._owner:
                tx.delete(_KEY)

        await self._store.transact(work)
