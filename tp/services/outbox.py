"""The outbox: work that a commit has asked for, and striking it off when it is done or handed on."""

from __future__ import annotations

from datetime import datetime, timedelta

from store.port import Namespace, Transaction
from tp.domain.test import Test, TestState
from tp.tables import OUTBOX, Chore, OutboxRecord

PREPARED_AHEAD = timedelta(minutes=15)
"""How long before the window its attempts are prepared: at the permitted rate, time for 300,000."""


async def strike(store: Namespace, *done: OutboxRecord) -> None:
    """Remove records, apart from those written anew while the work was done: that has to be done again."""

    async def work(transaction: Transaction) -> None:
        await strike_in(transaction, *done)

    await store.transact(work)


async def strike_in(transaction: Transaction, *done: OutboxRecord) -> None:
    """Remove records as part of a transaction."""
    found = await transaction.get_many([OUTBOX.key(record.id) for record in done])
    for record, entity in zip(done, found, strict=True):
        if OUTBOX.found(entity) == record:
            transaction.delete(OUTBOX.key(record.id))


def preparation(test: Test, now: datetime) -> OutboxRecord | None:
    """Return the record that has a test's attempts prepared; `None` unless it is published and opens later."""
    opens_at = test.schedule.opens_at
    if test.state is not TestState.PUBLISHED or opens_at is None or opens_at <= now:
        return None
    ahead = opens_at - PREPARED_AHEAD
    return OutboxRecord(
        chore=Chore.PREPARE, subject=test.id, recorded_at=now, run_at=ahead if ahead > now else None
    )
