"""People of a tenant."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from tenants.roles import Role


class User(BaseModel):
    """`login` is what is typed at the door, `external_id` the institution's own name such as a roll number."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    login: str
    external_id: str | None = None
    name: str
    groups: tuple[str, ...] = ()
    roles: tuple[Role, ...]
    created_at: datetime
