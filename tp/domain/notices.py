"""What is made known during a sitting: each notice is one record, and what it changes follows from it alone.

An attempt is read together with the notices that its record does not hold yet, so that one record pauses ten
thousand attempts at the same instant. `heed` is the pure rule; it may be applied now or written down later.

- A notice concerns the attempts it names, or all that had begun by its instant.
- Notices are heeded in the order of their numbers, each once.
- A notice changes nothing in an attempt that was over at its instant, grace included.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from tp.domain.attempt import Attempt, AttemptState, Pause
from tp.domain.deadline import Timing, deadline
from tp.domain.value import Frozen, Instant

PAUSE_ALLOWANCE = timedelta(seconds=10)
"""How long after a pause began batches still count: what was being written, from those who had not heard of it."""


class NoticeKind(StrEnum):
    MESSAGE = "MESSAGE"
    EXTENDED = "EXTENDED"
    PAUSED = "PAUSED"
    RESUMED = "RESUMED"
    FORCED = "FORCED"
    TAKEN_OVER = "TAKEN_OVER"


class Notice(Frozen):
    """`number` counts a test's notices from 1; `attempt_ids` is `None` for all.

    `by`: the user who acted. `text` is for students, `reason` for the record; `minutes` of an extension; `device`
    of the one that took over. `changed`: how many running attempts it concerned. `request_id`: by which the same
    request is known when it comes again.
    """

    test_id: str
    number: int
    kind: NoticeKind
    at: Instant
    by: str
    attempt_ids: tuple[str, ...] | None = None
    text: str | None = None
    reason: str | None = None
    minutes: int | None = None
    device: str | None = None
    changed: int = 0
    request_id: str | None = None

    def concerns(self, attempt: Attempt) -> bool:
        """Tell whether it is about an attempt."""
        began = attempt.started_at
        if began is None or began > self.at:
            return False
        return self.attempt_ids is None or attempt.id in self.attempt_ids


def heed(timing: Timing, attempt: Attempt, notices: Iterable[Notice], last: int) -> Attempt:
    """Return a running attempt as notices change it; any other as it is.

    `notices`: in the order of their numbers, at least those that concern it up to number `last`.
    """
    if attempt.state is not AttemptState.IN_PROGRESS or last <= attempt.heeded:
        return attempt
    heeded = attempt.heeded
    for notice in notices:
        if notice.number > heeded and notice.concerns(attempt):
            attempt = _changed(timing, attempt, notice)
    return attempt.model_copy(update={"heeded": last})


def shuts_out(attempt: Attempt, received_at: datetime) -> bool:
    """Tell whether a batch comes when the attempt stands still, and whoever sent it must have known."""
    return any(
        pause.ended_at is None and received_at > pause.began_at + PAUSE_ALLOWANCE for pause in attempt.pauses
    )


def _changed(timing: Timing, attempt: Attempt, notice: Notice) -> Attempt:
    if notice.at > deadline(timing, attempt, notice.at).accepts_until:
        return attempt
    match notice.kind:
        case NoticeKind.EXTENDED:
            seconds = attempt.extension_seconds + 60 * (notice.minutes or 0)
            return attempt.model_copy(update={"extension_seconds": seconds})
        case NoticeKind.PAUSED if not attempt.paused:
            return attempt.model_copy(update={"pauses": (*attempt.pauses, Pause(began_at=notice.at))})
        case NoticeKind.RESUMED if attempt.paused:
            pauses = tuple(_ended(pause, notice.at) for pause in attempt.pauses)
            return attempt.model_copy(update={"pauses": pauses})
        case NoticeKind.FORCED if attempt.forced_at is None:
            return attempt.model_copy(update={"forced_at": notice.at})
        case NoticeKind.TAKEN_OVER:
            return attempt.model_copy(update={"device": notice.device})
    return attempt


def _ended(pause: Pause, at: datetime) -> Pause:
    return pause if pause.ended_at is not None else pause.model_copy(update={"ended_at": max(at, pause.began_at)})
