"""Reading an attempt's log, and sealing it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from store.paging import every
from store.port import KEY, Insert, Namespace, Query, Range
from tp.domain.events import Batch
from tp.tables import LOG, LogEntry, log_id

PAGE = 1_000
MAX_SEQ = 9_999
MAX_AHEAD = 200
"""How far a batch's number may run ahead of the highest contiguous one. It bounds what closing must seal, and
with it a process that knows nothing of an attempt learns from the last `2 × MAX_AHEAD` numbers what is stored:
a stored number n proves that all up to n − MAX_AHEAD are."""


async def read_log(
    store: Namespace, attempt_id: str, *, last_seq: int | None = None, after: int = 0
) -> list[LogEntry]:
    """Return every entry after a number, in the order of their numbers, seals included.

    `last_seq`: of a closed log, so that the store knows how little it is going to read.
    """
    within = Range(KEY, log_id(attempt_id, after + 1), f"{attempt_id}:~")
    limit = PAGE if last_seq is None else min(last_seq + 2, PAGE)
    query = Query(LOG.kind.name, range=within, limit=limit)
    return [LOG.record(entity) async for entity in every(store, query)]


async def stored_numbers(store: Namespace, attempt_id: str) -> list[int]:
    """Return the numbers under which anything is stored, seals included, without reading what it is."""
    within = Range(KEY, log_id(attempt_id, 0), f"{attempt_id}:~")
    query = Query(LOG.kind.name, range=within, limit=PAGE, keys_only=True)
    return [int(entity.key.id.rpartition(":")[2]) async for entity in every(store, query)]


def batches_of(entries: Iterable[LogEntry]) -> list[Batch]:
    """Return the batches among the entries, in the order of their numbers."""
    return [entry.batch for entry in entries if entry.batch is not None]


def gaps(stored: Collection[int], last_seq: int) -> list[int]:
    """Return the numbers up to `last_seq` that are not among those `stored`."""
    stored = frozenset(stored)
    return [seq for seq in range(1, last_seq + 1) if seq not in stored]


def seals(attempt_id: str, missing: Iterable[int], last_seq: int, at: datetime) -> list[Insert]:
    """Return the inserts that close the missing numbers and the one after the last.

    Each meets an existing key when a batch was stored there since the log was read: then the closing is run
    again, and what was acknowledged in between is part of the attempt.
    """
    return [
        Insert(LOG.entity(LogEntry(attempt_id=attempt_id, seq=seq, sealed_at=at)))
        for seq in (*missing, last_seq + 1)
    ]
