"""Publishing: a draft becomes a paper and a key, apart; closing: no more starts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from store.errors import TooLarge
from store.port import Namespace, Transaction
from tenants.roles import Permission
from tenants.scope import TenantScope
from tp.domain.paper import Paper
from tp.domain.problem import Code, Problem
from tp.domain.publishing import check_publishable, freeze
from tp.domain.question import Passage, Question
from tp.domain.test import Test, TestState
from tp.domain.texts import texts_of_draft, texts_of_paper
from tp.errors import Refused
from tp.services.outbox import preparation
from tp.services.published import PublishedPapers
from tp.services.renditions import Renditions
from tp.services.tests import RecentTests, change_own_test, require_own
from tp.tables import ANSWER_KEYS, OUTBOX, PAPERS, PASSAGES, QUESTION_VERSIONS, QUESTIONS, RENDITIONS, version_id

MAX_QUESTIONS = 1_000
"""In a test: as many as the store looks up together."""


class PublishingService:
    def __init__(self, published: PublishedPapers, renditions: Renditions, recent: RecentTests) -> None:
        self._published = published
        self._renditions = renditions
        self._recent = recent

    async def publish(self, scope: TenantScope, test_id: str, now: datetime) -> Test:
        """Freeze a draft into paper, its rendition and key, version 1, and open it to its schedule.

        Raises NotFound, PermissionDenied, Refused: INVALID_STATE when it is no draft, else everything that is
        wrong with it at once, by path.
        """

        async def freeze_draft(transaction: Transaction, test: Test) -> Test:
            if test.state is not TestState.DRAFT:
                raise Refused.because(Code.INVALID_STATE, ("testId",), f"the test is {test.state} already")
            used = await _used_by(scope.store, test)
            problems = check_publishable(test, used.questions, used.passages)
            if problems:
                raise Refused(problems)
            paper, key = freeze(test, used.questions, used.passages)
            transaction.insert(PAPERS.entity(paper))
            transaction.insert(RENDITIONS.entity(await self._renditions.made(paper)))
            transaction.insert(ANSWER_KEYS.entity(key))
            published = test.model_copy(
                update={
                    "state": TestState.PUBLISHED,
                    "paper_version": paper.version,
                    "key_version": key.version,
                    "published_at": now,
                }
            )
            ahead = preparation(published, now)
            if ahead is not None:
                transaction.put(OUTBOX.entity(ahead))
            return published

        try:
            return await change_own_test(scope, self._recent, test_id, now, "test.publish", freeze_draft)
        except TooLarge as error:
            raise Refused.because(
                Code.TOO_LARGE, ("testId",), f"the paper is {error.size} bytes, over the limit of {error.limit}"
            ) from error

    async def problems(self, scope: TenantScope, test: Test) -> list[Problem]:
        """Return what `publish` would refuse a draft for, all of it; nothing for a test that is published.

        Raises PermissionDenied.
        """
        scope.require(Permission.AUTHOR)
        require_own(scope, test)
        if test.state is not TestState.DRAFT:
            return []
        try:
            used = await _used_by(scope.store, test)
        except Refused as refused:
            return list(refused.problems)
        return check_publishable(test, used.questions, used.passages)

    async def warnings(self, scope: TenantScope, test: Test) -> list[Problem]:
        """Return what students are shown otherwise than it was meant, in a draft as it is now or in the paper.

        Raises PermissionDenied.
        """
        scope.require(Permission.AUTHOR)
        require_own(scope, test)
        if test.paper_version is not None:
            paper = await self._published.paper(scope.store, test.id, test.paper_version)
            return await self._renditions.faults(texts_of_paper(paper))
        try:
            used = await _used_by(scope.store, test)
        except Refused:
            return []  # too many questions to look at: `problems` tells it
        return await self._renditions.faults(texts_of_draft(test, used.questions, used.passages))

    async def paper(self, scope: TenantScope, test: Test) -> Paper | None:
        """Return the paper of a test to staff, `None` while it is a draft. Raises PermissionDenied."""
        scope.require(Permission.SEE_TESTS)
        if test.paper_version is None:
            return None
        return await self._published.paper(scope.store, test.id, test.paper_version)

    async def close(self, scope: TenantScope, test_id: str, now: datetime) -> Test:
        """Let no more attempts start; those that run go on to their own deadlines.

        Raises NotFound, PermissionDenied, Refused with INVALID_STATE unless the test is published.
        """

        async def shut(_: Transaction, test: Test) -> Test:
            if test.state is not TestState.PUBLISHED:
                raise Refused.because(Code.INVALID_STATE, ("testId",), f"the test is {test.state}")
            return test.model_copy(update={"state": TestState.CLOSED, "closed_at": now})

        return await change_own_test(scope, self._recent, test_id, now, "test.close", shut)


@dataclass(frozen=True, slots=True)
class _Used:
    """What a test is made of; passages by id."""

    questions: dict[tuple[str, int | None], Question]
    passages: dict[str, Passage]


async def _used_by(store: Namespace, test: Test) -> _Used:
    """Return what the test's places name; what is missing is left out. Raises Refused (TOO_MANY)."""
    questions = await _questions_of(store, test)
    return _Used(questions, await _passages_of(store, questions.values()))


async def _questions_of(store: Namespace, test: Test) -> dict[tuple[str, int | None], Question]:
    """Return the placed questions; a missing one is left out for the check to tell. Raises Refused (TOO_MANY)."""
    placed = {(p.question_id, p.version) for section in test.sections for p in section.questions}
    if len(placed) > MAX_QUESTIONS:
        told = f"{len(placed)} questions; a test has at most {MAX_QUESTIONS}"
        raise Refused.because(Code.TOO_MANY, ("sections",), told)
    keys = {
        (id, version): QUESTIONS.asked(id) if version is None else QUESTION_VERSIONS.asked(version_id(id, version))
        for id, version in placed
    }
    found = await store.get_many(list(keys.values()))
    return {
        place: QUESTIONS.record(entity) for place, entity in zip(keys, found, strict=True) if entity is not None
    }


async def _passages_of(store: Namespace, questions: Iterable[Question]) -> dict[str, Passage]:
    ids = list({question.passage_id for question in questions if question.passage_id is not None})
    found = await store.get_many([PASSAGES.key(id) for id in ids])
    return {passage.id: passage for passage in PASSAGES.records(e for e in found if e is not None)}
