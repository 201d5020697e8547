"""One student's sitting of one test."""

from __future__ import annotations

from enum import StrEnum

from tp.domain.accommodation import Conditions
from tp.domain.value import Frozen, Instant


class AttemptState(StrEnum):
    PREPARED = "PREPARED"
    IN_PROGRESS = "IN_PROGRESS"
    SUBMITTED = "SUBMITTED"
    GRADED = "GRADED"
    VOID = "VOID"


class ClosedBy(StrEnum):
    STUDENT = "STUDENT"
    DEADLINE = "DEADLINE"
    INVIGILATOR = "INVIGILATOR"


class Pause(Frozen):
    """Time during which the clock stood; an open pause has no `ended_at`."""

    began_at: Instant
    ended_at: Instant | None = None


class Attempt(Frozen):
    """The head of an attempt; its answers are in its log.

    `number` counts a student's attempts at a test from 1. `seed` fixes the shuffling. `extension_seconds` were
    granted during the sitting. `heeded`: the number of the last notice (`domain.notices`) that this record holds;
    later ones change it wherever it is read. `device`: the one that holds it, as it names itself.

    `due_at` copies, for the sweep, the instant until which batches were accepted when the attempt was last
    written, `None` while it is paused; the deadline itself is always computed. When closed, the log counts up to
    `last_seq`; the numbers in `missing` never arrived. `changed_at`: when its result was last written, for
    services that ask for what is new.
    """

    id: str
    test_id: str
    student_id: str
    number: int
    state: AttemptState
    paper_version: int
    seed: int
    conditions: Conditions = Conditions()
    extension_seconds: int = 0
    pauses: tuple[Pause, ...] = ()
    forced_at: Instant | None = None
    heeded: int = 0
    device: str | None = None
    started_at: Instant | None = None
    due_at: Instant | None = None
    submitted_at: Instant | None = None
    closed_by: ClosedBy | None = None
    last_seq: int | None = None
    missing: tuple[int, ...] = ()
    changed_at: Instant | None = None

    @property
    def paused(self) -> bool:
        """Whether its clock stands."""
        running = self.state is AttemptState.IN_PROGRESS
        return running and any(pause.ended_at is None for pause in self.pauses)
