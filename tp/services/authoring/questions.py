"""The question bank: questions are written in versions, none of which is ever changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pydantic import JsonValue

from store.errors import AlreadyExists, Conflict
from store.port import Insert, Key, Mutation, Put, Query
from tenants.roles import Permission
from tenants.scope import TenantScope
from tp.clock import Entropy
from tp.domain.authoring import (
    check_content,
    check_key,
    check_languages_named,
    check_rule,
    check_tags,
    check_text,
)
from tp.domain.ids import PASSAGE, QUESTION, new_id
from tp.domain.problem import Code, PathStep, Problem
from tp.domain.question import Passage, Question
from tp.domain.value import Frozen, Localized
from tp.errors import NotFound, Refused
from tp.services import audit
from tp.services.authoring.searching import searched
from tp.services.authoring.specs import QuestionSpec, content_and_key
from tp.services.listing import Listing, listing
from tp.tables import PASSAGES, QUESTION_VERSIONS, QUESTIONS, version_id

PAGE_LIMIT = 100
MAX_RUNS = 5
MAX_BYTES = 1_000_000
"""Of a question or a passage: with its index it fits what the store takes as one entity."""

MAX_QUESTIONS = 200
"""Written in one call: with both records of each and the audit record they fit one commit."""


class QuestionService:
    """Staff only: a question carries its key, and no student's path comes here."""

    def __init__(self, entropy: Entropy) -> None:
        self._entropy = entropy

    def new_option_id(self) -> str:
        """Return a random option id: it tells nothing of the order in which the author wrote."""
        return self._entropy(5).hex()

    async def create(self, scope: TenantScope, specs: Sequence[QuestionSpec], now: datetime) -> list[Question]:
        """Write questions, or new versions of those that carry an id: all, or none.

        Raises Refused with every problem by path: INVALID, KEY_MISMATCH, UNKNOWN_OPTION, NOT_FOUND, TOO_MANY,
        TOO_LARGE; Conflict when others wrote versions of the same questions in every run.
        """
        scope.require(Permission.AUTHOR)
        _check_number(len(specs), "questions")
        for _ in range(MAX_RUNS):
            questions = await self._checked(scope, specs)
            try:
                await self.write(scope, questions, now, "question.create")
            except AlreadyExists:
                continue  # somebody wrote a version of one of them first: this run counts from it
            return questions
        raise Conflict(MAX_RUNS)

    async def write(self, scope: TenantScope, questions: Sequence[Question], now: datetime, action: str) -> None:
        """Write versions that were checked before, in one commit with its audit record."""
        mutations: list[Mutation] = []
        for question in questions:
            mutations.append(Put(QUESTIONS.entity(question)))
            mutations.append(Insert(QUESTION_VERSIONS.entity(question)))
        subject = questions[0].id if len(questions) == 1 else "questions"
        details: dict[str, JsonValue] = {"questions": [version_id(q.id, q.version) for q in questions]}
        await scope.store.commit([*mutations, audit.entry(scope, now, action, subject, details)])

    def new_question_id(self) -> str:
        return new_id(QUESTION, self._entropy(10))

    async def get(self, scope: TenantScope, id: str, version: int | None = None) -> Question:
        """Return the newest or the named version of a question. Raises NotFound, PermissionDenied."""
        scope.require(Permission.SEE_QUESTIONS)
        question = QUESTIONS.found(await scope.store.get(_key(id, version)))
        if question is None:
            raise NotFound(id)
        return question

    async def placed(self, scope: TenantScope, asked: Sequence[tuple[str, int | None]]) -> list[Question | None]:
        """Return questions by id and version (`None`: the newest), `None` for each that is not there.

        Raises PermissionDenied.
        """
        scope.require(Permission.SEE_QUESTIONS)
        found = await scope.store.get_many([_key(id, version) for id, version in asked])
        return [QUESTIONS.found(entity) for entity in found]

    async def page(
        self, scope: TenantScope, where: dict[str, str], cursor: str | None, limit: int, words: str = ""
    ) -> Listing[Question]:
        """Return newest versions by equality on `subject`, `topic`, `difficulty`, `type`, `labels`.

        With `words`, those that hold all of them: at most `SEARCHED` are looked through for one page, which may
        hold less than `limit`, or nothing, and still go on.
        """
        scope.require(Permission.SEE_QUESTIONS)
        query = Query(QUESTIONS.kind.name, where=where, limit=min(limit, PAGE_LIMIT), cursor=cursor)
        if words.strip():
            return await searched(scope.store, query, words)
        return listing(await scope.store.query(query), QUESTIONS.record)

    async def create_passage(
        self, scope: TenantScope, title: Localized | None, text: Localized, now: datetime
    ) -> Passage:
        """Write a text that several questions may share. Raises Refused: REQUIRED, INVALID, TOO_LARGE."""
        scope.require(Permission.AUTHOR)
        passage = Passage(id=new_id(PASSAGE, self._entropy(10)), title=title, text=text)
        problems = check_text(text, ("text",)) + check_languages_named(title or {}, ("title",))
        problems += check_size(passage, ("text",))
        if problems:
            raise Refused(problems)
        written = Insert(PASSAGES.entity(passage))
        await scope.store.commit([written, audit.entry(scope, now, "passage.create", passage.id)])
        return passage

    async def passage(self, scope: TenantScope, id: str) -> Passage:
        """Return a passage. Raises NotFound, PermissionDenied."""
        scope.require(Permission.SEE_QUESTIONS)
        passage = PASSAGES.found(await scope.store.get(PASSAGES.asked(id)))
        if passage is None:
            raise NotFound(id)
        return passage

    async def _checked(self, scope: TenantScope, specs: Sequence[QuestionSpec]) -> list[Question]:
        problems: list[Problem] = []
        questions: list[Question] = []
        versions = await self._versions(scope, specs)
        for place, spec in enumerate(specs):
            try:
                questions.append(self._question(spec, place, versions))
            except Refused as refusal:
                problems.extend(refusal.problems)
        problems.extend(await self._passage_problems(scope, specs))
        if problems:
            raise Refused(problems)
        return questions

    def _question(self, spec: QuestionSpec, place: int, versions: dict[str, int]) -> Question:
        path = ("questions", place)
        if spec.id is not None and spec.id not in versions:
            raise Refused.because(Code.NOT_FOUND, (*path, "id"), "no such question")
        content, key = content_and_key(spec, path, self.new_option_id)
        question = Question(
            id=spec.id or self.new_question_id(),
            version=versions.get(spec.id, 0) + 1 if spec.id else 1,
            title=spec.title,
            content=content,
            key=key,
            passage_id=spec.passage_id,
            tags=spec.tags,
            feedback=spec.feedback,
            rule=spec.marking,
        )
        problems = check_content(content, path)
        problems += check_key(content, key, (*path, "key")) if key is not None else []
        problems += check_rule(spec.marking, (*path, "marking")) if spec.marking is not None else []
        problems += check_tags(spec.tags, (*path, "tags"))
        problems += check_languages_named(spec.feedback or {}, (*path, "feedback"))
        problems += check_size(question, path)
        if problems:
            raise Refused(problems)
        return question

    async def _versions(self, scope: TenantScope, specs: Sequence[QuestionSpec]) -> dict[str, int]:
        ids = [spec.id for spec in specs if spec.id]
        if len(set(ids)) < len(ids):
            raise Refused.because(Code.DUPLICATE_QUESTION, ("questions",), "a question is written twice")
        found = await scope.store.get_many([QUESTIONS.asked(id) for id in ids])
        return {q.id: q.version for q in QUESTIONS.records(e for e in found if e is not None)}

    async def _passage_problems(self, scope: TenantScope, specs: Sequence[QuestionSpec]) -> list[Problem]:
        named = [(place, spec.passage_id) for place, spec in enumerate(specs) if spec.passage_id is not None]
        found = await scope.store.get_many([PASSAGES.asked(id) for _, id in named])
        return [
            Problem(Code.NOT_FOUND, ("questions", place, "passageId"), "no such passage")
            for (place, _), entity in zip(named, found, strict=True)
            if entity is None
        ]


def _key(id: str, version: int | None) -> Key:
    return QUESTIONS.asked(id) if version is None else QUESTION_VERSIONS.asked(version_id(id, version))


def check_size(written: Frozen, path: tuple[PathStep, ...]) -> list[Problem]:
    """Return what is wrong with what would not be kept, because the store takes no more in one piece."""
    size = len(written.model_dump_json().encode())
    if size <= MAX_BYTES:
        return []
    return [Problem(Code.TOO_LARGE, path, f"this takes {size} bytes; at most {MAX_BYTES} are kept in one piece")]


def _check_number(count: int, path: str) -> None:
    if count == 0:
        raise Refused.because(Code.REQUIRED, (path,), "there is nothing to write")
    if count > MAX_QUESTIONS:
        raise Refused.because(Code.TOO_MANY, (path,), f"at most {MAX_QUESTIONS} questions in one call")
