"""The outbox: work that a commit has asked for, and striking it off when it is done."""

from __future__ import annotations

from store.port import Namespace, Transaction
from tp.tables import OUTBOX, OutboxRecord


async def strike(store: Namespace, done: OutboxRecord) -> None:
    """Remove a record, unless it was written anew while the work was done: then it has to be done again."""

    async def work(transaction: Transaction) -> None:
        if OUTBOX.found(await transaction.get(OUTBOX.key(done.id))) == done:
            transaction.delete(OUTBOX.key(done.id))

    await store.transact(work)
