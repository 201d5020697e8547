"""Who did what to what, and when: one record for each act of staff, written in the commit of the act itself.

Acts of students are not audited here: their attempt's log tells all of it. So few records are written that
an index on the instant, which every write would otherwise queue for, costs nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime

from pydantic import JsonValue

from store.port import Kind, Put, Query
from store.records import Table
from tenants.roles import Permission
from tenants.scope import TenantScope
from tp.domain.value import Frozen, Instant, utc
from tp.services.listing import Listing, listing

PAGE_LIMIT = 100


class AuditRecord(Frozen):
    """`actor` is a principal's id, `action` a verb such as `test.publish`, `subject` the id acted upon."""

    id: str
    at: Instant
    actor: str
    action: str
    subject: str
    details: dict[str, JsonValue] = {}


AUDIT = Table(
    Kind("Audit", frozenset({"at", "subject"}), frozenset({("subject", "at")})),
    AuditRecord,
    id_of=lambda record: record.id,
    index=lambda record: {"at": record.at, "subject": record.subject},
)

KINDS: tuple[Kind, ...] = (AUDIT.kind,)


def entry(
    scope: TenantScope, now: datetime, action: str, subject: str, details: Mapping[str, JsonValue] | None = None
) -> Put:
    """Return the write that records an act; inside a transaction, `tx.put(entry(…).entity)`.

    The id is a hash of the whole record: spread over the key space, and the same again when a transaction is
    run again with the same instant, so that an act is never recorded twice.
    """
    at = utc(now)
    told = dict(details or {})
    text = json.dumps([at.isoformat(), scope.principal.id, action, subject, told], sort_keys=True)
    id = f"aud_{hashlib.sha256(text.encode()).hexdigest()[:32]}"
    record = AuditRecord(id=id, at=at, actor=scope.principal.id, action=action, subject=subject, details=told)
    return Put(AUDIT.entity(record))


async def entries(
    scope: TenantScope, *, subject: str | None = None, cursor: str | None = None, limit: int = PAGE_LIMIT
) -> Listing[AuditRecord]:
    """Return records newest first, of one subject or of all; at most `PAGE_LIMIT` a page.

    Raises PermissionDenied without SEE_AUDIT.
    """
    scope.require(Permission.SEE_AUDIT)
    where = {} if subject is None else {"subject": subject}
    query = Query(
        AUDIT.kind.name,
        where=where,
        order_by="at",
        descending=True,
        limit=min(limit, PAGE_LIMIT),
        cursor=cursor,
    )
    return listing(await scope.store.query(query), AUDIT.record)
