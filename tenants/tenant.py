"""A tenant: one institution, its name in addresses, its state and settings."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$")]
"""1 to 40 lower-case letters, digits and inner hyphens: fit for a host name and a namespace."""


class TenantState(StrEnum):
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"


class TenantSettings(BaseModel):
    """What a tenant may set for itself. `token_minutes`: how long a login lasts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    token_minutes: int = 12 * 60
    languages: tuple[str, ...] = ("en",)
    hosts: tuple[str, ...] = ()
    max_users: int = 200_000


class Tenant(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    slug: Slug
    name: str
    state: TenantState = TenantState.ACTIVE
    settings: TenantSettings = TenantSettings()
    created_at: datetime

    @property
    def namespace(self) -> str:
        """The store namespace that holds this tenant and nothing else."""
        return f"t-{self.slug}"
