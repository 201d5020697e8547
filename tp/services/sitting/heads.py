"""What a process remembers of running attempts, so that saving costs one round trip.

A head may be old: another process may have extended, closed or added to the attempt. Nothing depends on it
for being right. Before a save is refused for time or state the head is read anew, and a closed log refuses an
insert by itself.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from store.port import Namespace
from tp.domain.attempt import Attempt
from tp.domain.deadline import Deadline, Timing, deadline
from tp.domain.paper import Paper
from tp.domain.test import Test
from tp.services.published import PublishedPapers
from tp.services.sitting.board import NoticeBoard
from tp.services.sitting.log import MAX_AHEAD
from tp.services.sitting.together import AttemptReader
from tp.tables import version_id

FRESH_SECONDS = 60.0
"""How long a window that was moved may go unseen in the deadlines of running attempts."""


@dataclass(slots=True)
class Head:
    """An attempt, its test, its paper, and which numbers of its log are known to be stored.

    All numbers to `contiguous` are stored, and those in `ahead`. `sealed`: the log is known to be closed.
    """

    attempt: Attempt
    test: Test
    paper: Paper
    contiguous: int = 0
    ahead: set[int] = field(default_factory=set)
    sealed: bool = False
    read_at: float = field(default_factory=time.monotonic)
    _ends: tuple[Attempt, Deadline] | None = None

    def deadline(self, now: datetime) -> Deadline:
        """Return when the attempt ends; worked out once, unless a pause is open: only then it moves with `now`."""
        if self._ends is not None and self._ends[0] is self.attempt:
            return self._ends[1]
        ends = deadline(Timing.of(self.test), self.attempt, now)
        if all(pause.ended_at is not None for pause in self.attempt.pauses):
            self._ends = self.attempt, ends
        return ends

    def learn(self, seqs: Iterable[int]) -> None:
        """Take in numbers that are stored; each proves all that are `MAX_AHEAD` below it."""
        self.ahead.update(seqs)
        if self.ahead:
            self.contiguous = max(self.contiguous, max(self.ahead) - MAX_AHEAD)
        self.ahead = {seq for seq in self.ahead if seq > self.contiguous}
        while self.contiguous + 1 in self.ahead:
            self.contiguous += 1
            self.ahead.discard(self.contiguous)

    def unknown_before(self, seq: int) -> list[int]:
        """Return the numbers below `seq` of which it is not known whether they are stored."""
        first = max(self.contiguous + 1, seq - 2 * MAX_AHEAD)
        return [number for number in range(first, seq) if number not in self.ahead]


class Heads:
    """The heads of the attempts that were touched last, bounded in number."""

    def __init__(
        self, reader: AttemptReader, published: PublishedPapers, board: NoticeBoard, size: int = 20_000
    ) -> None:
        self._reader = reader
        self._published = published
        self._board = board
        self._size = size
        self._held: OrderedDict[tuple[str, str], Head] = OrderedDict()

    async def known(self, store: Namespace, attempt_id: str, seq: int) -> Head:
        """Return a head that knows of all numbers before `seq`, and is as the newest notices have it.

        Nothing is read for one that was touched here lately. Raises NotFound.
        """
        head = self._held.get((store.name, attempt_id))
        if head is None or time.monotonic() - head.read_at > FRESH_SECONDS or head.unknown_before(seq):
            return await self.read(store, attempt_id, seq)
        posted = self._board.held(store, head.test.id) or await self._board.of(store, head.test.id)
        head.attempt = posted.heeded(head.test, head.attempt)
        return head

    def begin(self, store: Namespace, attempt: Attempt, test: Test) -> None:
        """Know an attempt that has just begun here, of which nothing is stored yet, when its paper is here too."""
        paper = self._published.papers.held(store, version_id(test.id, attempt.paper_version))
        if paper is not None:
            self._hold(store, Head(attempt, test, paper))

    def forget(self, store: Namespace, attempt_id: str) -> None:
        self._held.pop((store.name, attempt_id), None)

    async def read(self, store: Namespace, attempt_id: str, seq: int) -> Head:
        """Read the head anew with the numbers before `seq`: one round trip.

        A second one only for a paper that is not the test's first. Raises NotFound.
        """
        known = self._held.get((store.name, attempt_id))
        numbers = known.unknown_before(seq) if known else list(range(max(1, seq - 2 * MAX_AHEAD), seq))
        read = await self._reader.read(store, attempt_id, numbers, anew=True, path=("attemptId",))
        head = Head(
            attempt=read.attempt,
            test=read.test,
            paper=await self._published.paper(store, read.test.id, read.attempt.paper_version),
            contiguous=known.contiguous if known else 0,
            ahead=set(known.ahead) if known else set(),
        )
        head.sealed = any(entry.sealed_at is not None for entry in read.entries)
        head.learn(entry.seq for entry in read.entries if entry.batch is not None)
        return self._hold(store, head)

    def _hold(self, store: Namespace, head: Head) -> Head:
        self._held[store.name, head.attempt.id] = head
        self._held.move_to_end((store.name, head.attempt.id))
        while len(self._held) > self._size:
            self._held.popitem(last=False)
        return head
