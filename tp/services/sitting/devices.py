"""Which device holds a running attempt: the one that started it, until another takes it over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from store.port import Mutation, Namespace, Transaction
from tenants.scope import TenantScope
from tp.domain.attempt import Attempt, AttemptState
from tp.domain.notices import Notice, NoticeKind
from tp.domain.problem import Code
from tp.domain.test import Test
from tp.errors import Refused
from tp.services.sitting.board import NoticeBoard, Posted
from tp.tables import ATTEMPTS

MAX_TAKEOVERS = 20
"""How often an attempt may change hands: each time is a notice that every process keeps."""


class DeviceService:
    """A client that names no device is told nothing of others, and takes nothing from them."""

    def __init__(self, board: NoticeBoard) -> None:
        self._board = board

    async def hold(
        self,
        scope: TenantScope,
        test: Test,
        attempt: Attempt,
        device: str | None,
        *,
        take_over: bool,
        now: datetime,
    ) -> Attempt:
        """Return a running attempt as held by `device`, which may take it from another.

        Raises Refused with OTHER_DEVICE, or TOO_MANY.
        """
        if device is None or attempt.device == device:
            return attempt
        if attempt.device is None:
            return await self._claim(scope.store, attempt, device)
        if not take_over:
            raise Refused.because(
                Code.OTHER_DEVICE, ("device",), "another device holds the attempt; `takeOver` takes it from there"
            )

        def notice(posted: Posted) -> tuple[Notice, Sequence[Mutation]]:
            before = [each for each in posted.concerning(attempt) if each.kind is NoticeKind.TAKEN_OVER]
            if len(before) >= MAX_TAKEOVERS:
                told = f"an attempt changes hands at most {MAX_TAKEOVERS} times"
                raise Refused.because(Code.TOO_MANY, ("takeOver",), told)
            return Notice(
                test_id=test.id,
                number=posted.last + 1,
                kind=NoticeKind.TAKEN_OVER,
                at=now,
                by=scope.principal.id,
                attempt_ids=(attempt.id,),
                device=device,
                changed=1,
            ), ()

        await self._board.post(scope.store, test.id, notice)
        return (await self._board.of(scope.store, test.id)).heeded(test, attempt)

    async def _claim(self, store: Namespace, attempt: Attempt, device: str) -> Attempt:
        """Hold an attempt that no device holds. Raises Refused with OTHER_DEVICE when one just has taken it."""

        async def work(transaction: Transaction) -> None:
            found = ATTEMPTS.found(await transaction.get(ATTEMPTS.key(attempt.id)))
            if found is None or found.state is not AttemptState.IN_PROGRESS:
                return
            if found.device not in (None, device):
                raise Refused.because(Code.OTHER_DEVICE, ("device",), "another device holds the attempt")
            transaction.put(ATTEMPTS.entity(found.model_copy(update={"device": device})))

        await store.transact(work)
        return attempt.model_copy(update={"device": device})
