"""An attempt read together with what it stands on: its id names its test, so that one lookup asks for all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from store.port import Entity, Key, Namespace
from tp.domain.attempt import Attempt
from tp.domain.ids import test_of
from tp.domain.test import Test
from tp.errors import NotFound
from tp.services.published import PublishedPapers
from tp.services.sitting.board import NoticeBoard, Posted
from tp.services.tests import RecentTests
from tp.tables import ATTEMPTS, LOG, PAPERS, TESTS, LogEntry, log_id, version_id


@dataclass(frozen=True, slots=True)
class Together:
    """`attempt`: as its test's notices change it. `entries`: those that are stored of the numbers asked for."""

    attempt: Attempt
    test: Test
    entries: list[LogEntry]


class AttemptReader:
    """Reads attempts in one round trip, and leaves their tests, papers and notices in the copies of the process.

    A second one only when there are notices that the process has not read.
    """

    def __init__(self, recent: RecentTests, published: PublishedPapers, board: NoticeBoard) -> None:
        self._recent = recent
        self._published = published
        self._board = board

    async def read(
        self,
        store: Namespace,
        attempt_id: str,
        numbers: Sequence[int] = (),
        *,
        anew: bool = False,
        path: tuple[str, ...] = ("id",),
    ) -> Together:
        """Read an attempt, its test, entries of its log, and the test's first paper unless the process has it.

        The test and its notices may be fresh copies, unless `anew`. Raises NotFound.
        """
        test_id = test_of(attempt_id)
        if test_id is None:
            raise NotFound(attempt_id, path)
        attempt_key, paper_key = ATTEMPTS.key(attempt_id), PAPERS.key(version_id(test_id, 1))
        wanted = [attempt_key, *(LOG.key(log_id(attempt_id, number)) for number in numbers)]
        if self._published.papers.held(store, paper_key.id) is None:
            wanted.append(paper_key)
        found, test, posted = await self.with_test(store, test_id, wanted, anew=anew)
        if attempt_key not in found or test is None:
            raise NotFound(attempt_id, path)
        if paper_key in found:
            self._published.papers.hold(store, paper_key.id, PAPERS.record(found[paper_key]))
        return Together(
            attempt=posted.heeded(test, ATTEMPTS.record(found[attempt_key])),
            test=test,
            entries=LOG.records(entity for key, entity in found.items() if key.kind == LOG.kind.name),
        )

    async def with_test(
        self, store: Namespace, test_id: str, wanted: Sequence[Key] = (), *, anew: bool = False
    ) -> tuple[dict[Key, Entity], Test | None, Posted]:
        """Read keys, and with them a test and its notices; these may be fresh copies, unless `anew`."""
        test = None if anew else self._recent.held(store, test_id)
        posted = None if anew else self._board.held(store, test_id)
        test_key, next_key = TESTS.asked(test_id), self._board.next(store, test_id)
        keys = [*wanted, *([test_key] if test is None else []), *([next_key] if posted is None else [])]
        read = await store.get_many(keys) if keys else []
        found = {entity.key: entity for entity in read if entity is not None}
        if test is None and test_key in found:
            test = self._recent.take(store, found[test_key])
        if test is None:
            return found, None, Posted()
        if posted is None:
            posted = await self._board.saw(store, test_id, next_key, found.get(next_key))
        return found, test, posted
