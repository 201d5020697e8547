"""An attempt read together with what it stands on: its id names its test, so that one lookup asks for all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from store.port import Namespace
from tp.domain.attempt import Attempt
from tp.domain.ids import test_of
from tp.domain.test import Test
from tp.errors import NotFound
from tp.services.published import PublishedPapers
from tp.services.tests import RecentTests
from tp.tables import ATTEMPTS, LOG, PAPERS, TESTS, LogEntry, log_id, version_id


@dataclass(frozen=True, slots=True)
class Together:
    """`entries`: those that are stored of the numbers of the log that were asked for."""

    attempt: Attempt
    test: Test
    entries: list[LogEntry]


class AttemptReader:
    """Reads attempts in one round trip, and leaves their tests and papers in the caches of the process."""

    def __init__(self, recent: RecentTests, published: PublishedPapers) -> None:
        self._recent = recent
        self._published = published

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

        The test may be a fresh copy, unless `anew`. Raises NotFound.
        """
        test_id = test_of(attempt_id)
        if test_id is None:
            raise NotFound(attempt_id, path)
        test = None if anew else self._recent.held(store, test_id)
        attempt_key, test_key, paper_key = (
            ATTEMPTS.key(attempt_id),
            TESTS.key(test_id),
            PAPERS.key(version_id(test_id, 1)),
        )
        wanted = [attempt_key, *(LOG.key(log_id(attempt_id, number)) for number in numbers)]
        if test is None:
            wanted.append(test_key)
        if self._published.papers.held(store, paper_key.id) is None:
            wanted.append(paper_key)
        found = {entity.key: entity for entity in await store.get_many(wanted) if entity is not None}
        if attempt_key not in found or (test is None and test_key not in found):
            raise NotFound(attempt_id, path)
        if paper_key in found:
            self._published.papers.hold(store, paper_key.id, PAPERS.record(found[paper_key]))
        return Together(
            attempt=ATTEMPTS.record(found[attempt_key]),
            test=test or self._recent.take(store, found[test_key]),
            entries=LOG.records(entity for key, entity in found.items() if key.kind == LOG.kind.name),
        )
