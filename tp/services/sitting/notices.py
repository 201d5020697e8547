"""What a student is told during a sitting: the notices about an attempt that its client does not have yet."""

from __future__ import annotations

from datetime import datetime

from store.port import Namespace
from tenants.roles import Permission
from tenants.scope import TenantScope
from tp.domain.attempt import Attempt
from tp.domain.ids import notice_number
from tp.domain.notices import Notice, NoticeKind
from tp.domain.problem import Code
from tp.errors import Refused
from tp.services.sitting.board import NoticeBoard, Posted

MAX_TOLD = 100
"""Of the newest notices: how many are told at once."""
DEVICE_LENGTH = 64


def check_device(device: str | None) -> None:
    """Raise Refused unless a device names itself briefly, or not at all."""
    if device is not None and not 1 <= len(device) <= DEVICE_LENGTH:
        raise Refused.because(Code.INVALID, ("device",), f"a device's name has 1 to {DEVICE_LENGTH} characters")


class NoticeService:
    """Reads the board of the process, and nothing else while that is fresh."""

    def __init__(self, board: NoticeBoard) -> None:
        self._board = board

    async def of_attempt(self, scope: TenantScope, attempt: Attempt) -> list[Notice]:
        """Return the newest notices about an attempt; which device took over is told to staff alone."""
        notices = (await self._posted(scope.store, attempt)).concerning(attempt)
        if not scope.may(Permission.SEE_ATTEMPTS):
            notices = [notice for notice in notices if notice.kind is not NoticeKind.TAKEN_OVER]
        return notices[-MAX_TOLD:]

    async def told(
        self, store: Namespace, attempt: Attempt, after: str | None, device: str | None
    ) -> list[Notice]:
        """Return the notices after the one of an id; what is no id of this test's notices comes before all.

        That the attempt was taken over is told to the device that lost it.
        """
        known = notice_number(attempt.test_id, after)
        posted = await self._posted(store, attempt)
        if posted.last <= known:
            return []
        lost = device is not None and device != attempt.device
        return [
            notice
            for notice in posted.concerning(attempt)
            if notice.number > known and (lost or notice.kind is not NoticeKind.TAKEN_OVER)
        ][-MAX_TOLD:]

    async def taken_over_at(self, store: Namespace, attempt: Attempt) -> datetime | None:
        """Return when the device that holds the attempt took it from another; `None` if it never did."""
        concerning = (await self._posted(store, attempt)).concerning(attempt)
        return max((notice.at for notice in concerning if notice.kind is NoticeKind.TAKEN_OVER), default=None)

    async def _posted(self, store: Namespace, attempt: Attempt) -> Posted:
        return self._board.held(store, attempt.test_id) or await self._board.of(store, attempt.test_id)
