"""A published test as services read it: its paper, tags, and answer keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from store.port import Namespace
from tenants.roles import Permission
from tenants.scope import TenantScope
from tp.contract import KeyVersionView, OptionView, QuestionView, SectionView, TagsView, TestView
from tp.domain.answer_text import texts_of_key
from tp.domain.paper import AnswerKey, KeyEntry, Paper, PaperQuestion
from tp.domain.question import Option, Tags
from tp.errors import NotFound
from tp.services.published import PublishedPapers
from tp.services.tests import load_test
from tp.tables import ANSWER_KEYS, QUESTION_VERSIONS, version_id

LOOKUP = 500


class ServedTests:
    def __init__(self, published: PublishedPapers) -> None:
        self._published = published

    async def get(self, scope: TenantScope, test_id: str) -> TestView:
        """Return a test that was published, with its newest key. Raises NotFound, PermissionDenied."""
        scope.require(Permission.SEE_TESTS)
        scope.require(Permission.SEE_RESULTS)
        test = await load_test(scope.store, test_id)
        if test.paper_version is None or test.key_version is None:
            raise NotFound(test_id, ("testId",))
        paper = await self._published.paper(scope.store, test.id, test.paper_version)
        keys = await _keys(scope.store, test.id, test.key_version)
        tags = await _tags(scope.store, paper)
        entries = keys[-1].entries
        return TestView(
            id=test.id,
            title=test.title,
            state=test.state,
            opens_at=test.schedule.opens_at,
            closes_at=test.schedule.closes_at,
            published_at=test.published_at,
            closed_at=test.closed_at,
            duration_seconds=test.duration_seconds,
            grace_seconds=test.grace_seconds,
            paper_version=test.paper_version,
            key_version=test.key_version,
            key_versions=tuple(KeyVersionView(version=key.version, dropped=_dropped(key)) for key in keys),
            marking=test.scheme.model_dump(mode="json"),
            sections=tuple(
                SectionView(
                    id=section.id,
                    title=section.title,
                    subject=section.subject,
                    answer_any=section.answer_any,
                    questions=tuple(_question(q, entries[q.id], tags[q.id]) for q in section.questions),
                )
                for section in paper.sections
            ),
            answer_key={id: entry.model_dump(mode="json") for id, entry in entries.items()},
        )


async def _keys(store: Namespace, test_id: str, newest: int) -> list[AnswerKey]:
    ids = [version_id(test_id, version) for version in range(1, newest + 1)]
    found = [await store.get_many([ANSWER_KEYS.key(id) for id in part]) for part in _parts(ids)]
    return ANSWER_KEYS.records(entity for part in found for entity in part if entity is not None)


async def _tags(store: Namespace, paper: Paper) -> Mapping[str, Tags]:
    """Return the tags of each question of a paper, as they are in the version that it shows."""
    questions = [question for section in paper.sections for question in section.questions]
    tags = {question.id: Tags() for question in questions}
    for part in _parts([version_id(question.id, question.version) for question in questions]):
        found = await store.get_many([QUESTION_VERSIONS.key(id) for id in part])
        for version in QUESTION_VERSIONS.records(entity for entity in found if entity is not None):
            tags[version.id] = version.tags
    return tags


def _parts(ids: list[str]) -> Iterable[list[str]]:
    return (ids[start : start + LOOKUP] for start in range(0, len(ids), LOOKUP))


def _question(question: PaperQuestion, entry: KeyEntry, tags: Tags) -> QuestionView:
    content = question.content
    return QuestionView(
        id=question.id,
        version=question.version,
        number=question.number,
        type=content.type,
        text=content.text,
        options=_options(content.options),
        rows=_options(content.rows),
        columns=_options(content.columns),
        maximum=str(question.rule.correct),
        marking=question.rule.model_dump(mode="json"),
        tags=TagsView(**tags.model_dump()),
        key=tuple(texts_of_key(entry.key)),
        dropped=entry.dropped,
    )


def _options(options: Iterable[Option]) -> tuple[OptionView, ...]:
    return tuple(OptionView(id=option.id, text=option.text) for option in options)


def _dropped(key: AnswerKey) -> dict[str, str]:
    return {id: entry.dropped.value for id, entry in key.entries.items() if entry.dropped is not None}
