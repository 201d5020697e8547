"""A tenant: one institution, its name in addresses, its state and settings."""

from __future__ import annotations

import re
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
HOST = re.compile(r"(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*")

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$")]
"""1 to 40 lower-case letters, digits and inner hyphens: fit for a host name and a namespace."""


def is_slug(text: str) -> bool:
    """Tell whether `text` could name a tenant."""
    return SLUG.fullmatch(text) is not None


@lru_cache(maxsize=1_000)
def host_name(host: str) -> str | None:
    """Return the name in a `Host` header: lower case, no port, no final dot; `None` when it has no such form."""
    name = host.strip().lower().partition(":")[0].removesuffix(".")
    return name if HOST.fullmatch(name) else None


def _host_name(host: str) -> str:
    name = host_name(host)
    if name is None:
        raise ValueError("a host name such as tests.example.edu")
    return name


HostName = Annotated[str, AfterValidator(_host_name)]


EVERYBODY = "*"
"""Stands for every user among those whose sessions were ended."""


class TenantState(StrEnum):
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    PURGING = "PURGING"
    """Being removed, here and in other services: nothing brings it back."""


class TenantSettings(BaseModel):
    """What a tenant may set for itself.

    `token_minutes`: how long a login lasts, five minutes to a week. `hosts`: names that lead to this tenant
    and to no other.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    token_minutes: int = Field(default=12 * 60, ge=5, le=7 * 24 * 60)
    languages: tuple[str, ...] = Field(default=("en",), min_length=1)
    hosts: tuple[HostName, ...] = Field(default=(), max_length=20)
    max_users: int = Field(default=200_000, ge=1)


class Tenant(BaseModel):
    """`salt` keys the hashes of what shall be compared within the tenant and be read by nobody.

    `sessions_ended`: users whose tokens are good only when they were issued after an instant.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    slug: Slug
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    state: TenantState = TenantState.ACTIVE
    settings: TenantSettings = TenantSettings()
    created_at: datetime
    salt: str | None = Field(default=None, repr=False)
    sessions_ended: dict[str, datetime] = {}

    def took_back(self, user_id: str, issued_at: datetime) -> bool:
        """Tell whether a token of a user is refused although it has not expired."""
        ended = self.sessions_ended
        return bool(ended) and any(id in ended and issued_at <= ended[id] for id in (user_id, EVERYBODY))

    @property
    def namespace(self) -> str:
        """The store namespace that holds this tenant and nothing else."""
        return f"t-{self.slug}"
