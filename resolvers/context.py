"""What every resolver of one request is given."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, partial

from aiodataloader import DataLoader

from tenants.scope import TenantScope
from tenants.user import User
from tp.domain.attempt import Attempt
from tp.domain.log import Sitting
from tp.domain.paper import Paper
from tp.domain.question import Question
from tp.services.catalogue import Catalogue
from tp.services.identity.errors import Reason, Unauthenticated
from tp.services.invigilation.progress import Progress
from tp.services.people.reading import get_users
from tp.services.results.results import VisibleResult
from tp.services.steps import each
from tp.tables import Standing

MAX_BATCH = 1_000
"""Keys of one lookup in the store."""


@dataclass
class Context:
    """`asker` is `None` without a token; `tenant` is the one that the address names, if it names one.

    `agent` is how the client names itself. `left_work` is called after a commit that left work in the outbox.
    """

    services: Catalogue
    asker: TenantScope | None
    tenant: str | None
    received_at: datetime
    address: str
    left_work: Callable[[], None]
    agent: str = ""
    sittings: dict[str, Awaitable[Sitting]] = field(init=False, default_factory=dict)
    _rendered: list[Mapping[str, str]] = field(init=False, default_factory=list)

    @cached_property
    def users(self) -> DataLoader[str, User | None]:
        return DataLoader(self._load_users, max_batch_size=MAX_BATCH)

    @cached_property
    def attempts(self) -> DataLoader[str, Attempt | None]:
        return DataLoader(self._load_attempts, max_batch_size=MAX_BATCH)

    @cached_property
    def progress(self) -> DataLoader[Attempt, Progress]:
        return DataLoader(self._load_progress, get_cache_key=_id, max_batch_size=MAX_BATCH)

    @cached_property
    def results(self) -> DataLoader[Attempt, VisibleResult | None]:
        return DataLoader(self._load_results, get_cache_key=_id, max_batch_size=MAX_BATCH)

    @cached_property
    def standings(self) -> DataLoader[Attempt, Standing | None]:
        return DataLoader(self._load_standings, get_cache_key=_id, max_batch_size=MAX_BATCH)

    @cached_property
    def questions(self) -> DataLoader[tuple[str, int | None], Question | None]:
        return DataLoader(self._load_questions, max_batch_size=MAX_BATCH)

    async def shown(self, paper: Paper) -> Paper:
        """Return a paper whose texts `html` then finds as they were rendered when it was frozen."""
        rendered = await self.services.renditions.of(self.scope.store, paper)
        if rendered not in self._rendered:
            self._rendered.append(rendered)
        return paper

    def html(self, text: str) -> str:
        """Return a text as HTML: as it was rendered with a paper of this request, else rendered now."""
        for rendered in self._rendered:
            if text in rendered:
                return rendered[text]
        return self.services.renditions.html(text)

    @property
    def scope(self) -> TenantScope:
        """Who asks, for which tenant. Raises Unauthenticated for a request without a token."""
        if self.asker is None:
            raise Unauthenticated(Reason.MALFORMED)
        return self.asker

    async def _load_users(self, ids: list[str]) -> list[User | None]:
        return await get_users(self.scope, ids)

    async def _load_questions(self, asked: list[tuple[str, int | None]]) -> list[Question | None]:
        return await self.services.questions.placed(self.scope, asked)

    async def _load_attempts(self, ids: list[str]) -> list[Attempt | None]:
        return await self.services.attempts.get_many(self.scope, ids)

    async def _load_progress(self, attempts: list[Attempt]) -> list[Progress]:
        return await each(partial(self.services.progress.of, self.scope.store), attempts)

    async def _load_results(self, attempts: list[Attempt]) -> list[VisibleResult | None]:
        return await self.services.results.of_attempts(self.scope, attempts)

    async def _load_standings(self, attempts: list[Attempt]) -> list[Standing | None]:
        return await self.services.report_reading.standings(self.scope, attempts)


def _id(attempt: Attempt) -> str:
    return attempt.id
