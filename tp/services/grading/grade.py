"""Grading closed attempts: fold the log, apply the key, keep the result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import Any

from pydantic import JsonValue

from store.port import Delete, Entity, Namespace, Query, Transaction
from store.records import Unchanged
from tp.clock import Clock
from tp.domain.answer_text import text_of
from tp.domain.attempt import Attempt, AttemptState
from tp.domain.grading import grade_paper
from tp.domain.log import fold
from tp.domain.paper import AnswerKey
from tp.domain.response import Response
from tp.errors import NotFound
from tp.services.published import PublishedPapers
from tp.services.sitting.log import batches_of, read_log
from tp.services.steps import Place, Step, Work, each, page_step
from tp.tables import ATTEMPTS, OUTBOX, RESULTS, TESTS, Chore, Result

GRADABLE = frozenset({AttemptState.SUBMITTED, AttemptState.GRADED})
STEP = 100
MAX_ANSWERS = 100_000
"""Characters of the answers that are kept with a result: essays are read from the log again."""
MAX_ORIGINS = 20


class GradingService:
    """Works on a namespace, not a scope: it is the platform's own work, asked for by the outbox."""

    def __init__(self, published: PublishedPapers, clock: Clock) -> None:
        self._published = published
        self._clock = clock
        self._test = Unchanged(TESTS)

    async def grade(self, store: Namespace, attempt_id: str) -> Result | None:
        """Grade a closed attempt under the newest key and strike it off the outbox; idempotent.

        Returns `None` for an attempt that is not closed, or is gone. One that is graded is not graded again.
        """
        attempt_entity, kept_entity = await store.get_many([ATTEMPTS.key(attempt_id), RESULTS.key(attempt_id)])
        attempt, kept = ATTEMPTS.found(attempt_entity), RESULTS.found(kept_entity)
        if attempt is None or attempt.state not in GRADABLE:
            return None
        while True:
            test = self._test.found(await store.get(TESTS.key(attempt.test_id)))
            if test is None:
                raise NotFound(attempt.test_id, ("testId",))
            assert test.key_version is not None
            if kept is not None and kept.key_version >= test.key_version:
                await store.commit([Delete(OUTBOX.key(f"{Chore.GRADE}:{attempt.id}"))])
                return kept
            key = await self._published.answer_key(store, test.id, test.key_version)
            result = Result(
                attempt_id=attempt.id,
                test_id=attempt.test_id,
                student_id=attempt.student_id,
                key_version=key.version,
                graded_at=self._clock(),
                **await self._read(store, attempt, key),
            )
            kept = await store.transact(partial(self._keep, result))
            if kept is not None:
                return kept

    def every_closed(self, store: Namespace, test_id: str) -> Work:
        """Return the work of grading all closed attempts of a test that are not graded yet."""
        where = {"test": test_id, "state": AttemptState.SUBMITTED}
        query = Query(ATTEMPTS.kind.name, where=where, limit=STEP, keys_only=True)

        async def grade_all(page: Sequence[Entity]) -> int:
            return len(await each(partial(self.grade, store), [entity.key.id for entity in page]))

        return partial(page_step, store, query, do=grade_all)

    def these(self, store: Namespace, attempt_ids: Sequence[str]) -> Work:
        """Return the work of grading the attempts that are named."""

        async def step(at: JsonValue) -> Step:
            done = Place.model_validate(at or {}).done
            some = attempt_ids[done : done + STEP]
            await each(partial(self.grade, store), some)
            done += len(some)
            more = Place(done=done).model_dump(mode="json") if done < len(attempt_ids) else None
            return Step(done, len(attempt_ids), more)

        return step

    async def _read(self, store: Namespace, attempt: Attempt, key: AnswerKey) -> dict[str, Any]:
        """Return what a result takes from the attempt's log: first of all what it is worth under `key`."""
        paper = await self._published.paper(store, attempt.test_id, attempt.paper_version)
        batches = batches_of(await read_log(store, attempt.id, last_seq=attempt.last_seq))
        responses = fold(paper, batches, last_seq=attempt.last_seq).responses
        return {
            "score": grade_paper(paper, key, responses),
            "answers": answers_kept(responses),
            "addresses": _seen(batch.address for batch in batches),
            "agents": _seen(batch.agent for batch in batches),
        }

    async def _keep(self, result: Result, transaction: Transaction) -> Result | None:
        """Keep a result unless a newer one is there; return `None` when the key has moved on since it was read."""
        attempt_entity, kept_entity, test_entity = await transaction.get_many(
            [ATTEMPTS.key(result.attempt_id), RESULTS.key(result.attempt_id), TESTS.key(result.test_id)]
        )
        attempt, kept = ATTEMPTS.found(attempt_entity), RESULTS.found(kept_entity)
        test = self._test.found(test_entity)
        if test is None or test.key_version != result.key_version:
            return None
        transaction.delete(OUTBOX.key(f"{Chore.GRADE}:{result.attempt_id}"))
        if kept is not None and kept.key_version >= result.key_version:
            return kept
        if kept is not None:
            result = result.model_copy(update={"previous_total": kept.score.total.marks})
        transaction.put(RESULTS.entity(result))
        if attempt is not None and attempt.state in GRADABLE:
            changed = {"state": AttemptState.GRADED, "changed_at": result.graded_at}
            transaction.put(ATTEMPTS.entity(attempt.model_copy(update=changed)))
        return result


def answers_kept(responses: Mapping[str, Response]) -> dict[str, str] | None:
    """Return what was answered, as text; `None` when it is too long to be kept beside the marks."""
    answers = {question: text_of(response) or "" for question, response in responses.items()}
    return answers if sum(map(len, answers.values())) <= MAX_ANSWERS else None


def _seen(hashes: Iterable[str | None]) -> tuple[str, ...]:
    """Return what was seen, in the order in which it came, as much of it as is of use."""
    return tuple(islice(dict.fromkeys(each for each in hashes if each is not None), MAX_ORIGINS))
