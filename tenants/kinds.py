"""What is kept of tenants in the platform's own namespace."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from store.port import Kind
from store.records import Table
from tenants.tenant import Tenant


class HostName(BaseModel):
    """A host name is one tenant's only: its key is the name itself."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str
    slug: str


TENANTS = Table(Kind("Tenant"), Tenant, id_of=lambda tenant: tenant.slug)
HOST_NAMES = Table(Kind("HostName"), HostName, id_of=lambda name: name.host)

KINDS: tuple[Kind, ...] = (TENANTS.kind, HOST_NAMES.kind)
