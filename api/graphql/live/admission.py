"""Who may keep a stream open, and for how long: as long as the token is good and the institution is active."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from api.auth import Call
from api.graphql.codes import ErrorCode
from api.refusals import Refusal
from store.errors import StoreError
from tenants.errors import TenantUnknown
from tenants.registry import TenantRegistry
from tenants.scope import TenantScope
from tenants.tenant import TenantState
from tp.clock import Clock

LOOK_SECONDS = 2.0
"""How often an open stream is looked at: a token that expires and a suspension end it within that."""


@dataclass
class Streams:
    """The streams that are open in this process: at most `each` for one principal."""

    registry: TenantRegistry
    clock: Clock
    each: int
    _open: Counter[tuple[str, str]] = field(default_factory=Counter)

    def __len__(self) -> int:
        return self._open.total()

    def admit(self, call: Call) -> None:
        """Raise Refusal without a login, or when the principal has too many streams open."""
        if call.scope is None:
            raise Refusal(ErrorCode.UNAUTHENTICATED, "This needs a login.", headers={"WWW-Authenticate": "Bearer"})
        if self._open[_who(call.scope)] >= self.each:
            raise Refusal(ErrorCode.LIMIT_EXCEEDED, f"At most {self.each} streams may be open at once.")

    @contextmanager
    def one(self, call: Call) -> Iterator[None]:
        """Count a stream, which was admitted, for as long as it is open."""
        assert call.scope is not None
        who = _who(call.scope)
        self._open[who] += 1
        try:
            yield
        finally:
            self._open[who] -= 1
            if not self._open[who]:
                del self._open[who]

    async def ended(self, call: Call) -> str | None:
        """Return why a caller's streams have to end, `None` while they may go on."""
        if call.expires_at is not None and call.expires_at <= self.clock():
            return "The token has expired; log in again."
        try:
            tenant = None if call.tenant is None else await self.registry.get(call.tenant)
        except TenantUnknown:
            return "No such institution."
        except StoreError:
            return None  # what cannot be read now is looked at again in a moment
        if tenant is not None and tenant.state is not TenantState.ACTIVE:
            return "This institution is suspended."
        return None

    async def guarded(self, call: Call, stream: AsyncGenerator[bytes]) -> AsyncGenerator[bytes | None]:
        """Yield what a stream yields, and `None` whenever it has been silent for `LOOK_SECONDS`.

        It is over when the stream is, or when the caller's streams have to end; then the stream is closed.
        """
        coming: asyncio.Task[bytes] | None = None
        try:
            while await self.ended(call) is None:
                coming = coming or asyncio.create_task(_next(stream))
                done, _ = await asyncio.wait([coming], timeout=LOOK_SECONDS)
                if not done:
                    yield None
                    continue
                try:
                    answer = coming.result()
                except StopAsyncIteration:
                    return
                coming = None
                yield answer
        finally:
            if coming is not None:
                coming.cancel()
                await asyncio.gather(coming, return_exceptions=True)
            await stream.aclose()


async def _next(stream: AsyncGenerator[bytes]) -> bytes:
    return await anext(stream)


def _who(scope: TenantScope) -> tuple[str, str]:
    return scope.tenant.slug, scope.principal.id
