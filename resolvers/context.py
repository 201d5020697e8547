"""What every resolver of one request is given."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from aiodataloader import DataLoader

from resolvers.loaders import load_results, load_users
from tenants.scope import TenantScope
from tenants.user import User
from tp.domain.attempt import Attempt
from tp.domain.log import Sitting
from tp.services.catalogue import Catalogue
from tp.services.identity.errors import Reason, Unauthenticated
from tp.services.results.results import VisibleResult


@dataclass(slots=True)
class Context:
    """`asker` is `None` without a token; `tenant` is the one that the address names, if it names one.

    `submitted` is called after a commit that left work in the outbox.
    """

    services: Catalogue
    asker: TenantScope | None
    tenant: str | None
    received_at: datetime
    address: str
    submitted: Callable[[], None]
    users: DataLoader[str, User | None] = field(init=False)
    results: DataLoader[Attempt, VisibleResult | None] = field(init=False)
    sittings: dict[str, Awaitable[Sitting]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.users = DataLoader(lambda ids: load_users(self.scope, ids), max_batch_size=1_000)
        self.results = DataLoader(
            lambda attempts: load_results(self.scope, self.services, attempts),
            get_cache_key=lambda attempt: attempt.id,
            max_batch_size=1_000,
        )

    @property
    def scope(self) -> TenantScope:
        """Who asks, for which tenant. Raises Unauthenticated for a request without a token."""
        if self.asker is None:
            raise Unauthenticated(Reason.MALFORMED)
        return self.asker
