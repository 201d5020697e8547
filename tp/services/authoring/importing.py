"""Importing questions from files: all of a file, or nothing of it; a dry run tells what would happen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tenants.roles import Permission
from tenants.scope import TenantScope
from tp.domain.authoring import check_language, check_tags
from tp.domain.exchange.aiken import read_aiken
from tp.domain.exchange.gift import read_gift
from tp.domain.exchange.imported import Draft, Imported, LineProblem, Loss
from tp.domain.problem import Code
from tp.domain.question import Question, Tags
from tp.errors import Refused
from tp.services.authoring.questions import MAX_QUESTIONS, QuestionService


class Format(StrEnum):
    GIFT = "GIFT"
    AIKEN = "AIKEN"


@dataclass(frozen=True, slots=True)
class Import:
    """`questions` were written, or in a dry run would be; empty when there is any problem."""

    questions: tuple[Question, ...]
    problems: tuple[LineProblem, ...]
    losses: tuple[Loss, ...]
    written: bool


class ImportService:
    def __init__(self, questions: QuestionService) -> None:
        self._questions = questions

    async def read(
        self,
        scope: TenantScope,
        format: Format,
        content: str,
        language: str,
        tags: Tags,
        dry_run: bool,
        now: datetime,
    ) -> Import:
        """Read a file and, unless it is a dry run or anything is wrong, write its questions in one commit.

        `tags` fill what the file does not say itself. Raises PermissionDenied, Refused for an empty file, one of
        more than `MAX_QUESTIONS` questions, and a language or tags that are none.
        """
        scope.require(Permission.AUTHOR)
        problems = check_language(language, ("language",)) + check_tags(tags, ("tags",))
        if problems:
            raise Refused(problems)
        imported = self._parse(format, content, language)
        if not imported.drafts and not imported.problems:
            raise Refused.because(Code.NO_QUESTIONS, ("content",), "the text holds no question")
        if len(imported.drafts) > MAX_QUESTIONS:
            told = f"{len(imported.drafts)} questions; import at most {MAX_QUESTIONS} at a time"
            raise Refused.because(Code.TOO_MANY, ("content",), told)
        if imported.problems:
            return Import((), imported.problems, imported.losses, written=False)
        questions = tuple(self._question(draft, tags) for draft in imported.drafts)
        if not dry_run:
            await self._questions.write(scope, questions, now, "question.import")
        return Import(questions, (), imported.losses, written=not dry_run)

    def _parse(self, format: Format, content: str, language: str) -> Imported:
        read = read_gift if format is Format.GIFT else read_aiken
        return read(content, language=language, new_option_id=self._questions.new_option_id)

    def _question(self, draft: Draft, defaults: Tags) -> Question:
        said = draft.tags.model_dump(exclude_none=True, exclude_defaults=True)
        return Question(
            id=self._questions.new_question_id(),
            version=1,
            title=draft.title,
            content=draft.content,
            key=draft.key,
            tags=defaults.model_copy(update=said),
            feedback=draft.feedback,
        )
