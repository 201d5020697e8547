"""The registry: every place of the schema that takes an id, what kind of id, and the rest of a valid call.

A new place needs a case here, under its name: what of `Belongings` belongs there, the roles to which the call then
succeeds, and a function of `inputs.py` that makes its arguments.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import inputs
from belongings import Belongings

from tenants.roles import Role

STUDENTS = frozenset({Role.STUDENT})
AUTHORS = frozenset({Role.TEACHER, Role.ADMIN})
ADMINS = frozenset({Role.ADMIN})
THOSE_WHO_SEE_RESULTS = frozenset({Role.TEACHER, Role.ADMIN, Role.SERVICE})
WATCHERS = frozenset({Role.TEACHER, Role.INVIGILATOR, Role.ADMIN, Role.SERVICE})
THOSE_WHO_SIT_OR_WATCH = STUDENTS | WATCHERS
THOSE_WHO_KNOW_IT = THOSE_WHO_SIT_OR_WATCH - {Role.SERVICE}
INVIGILATORS = frozenset({Role.TEACHER, Role.INVIGILATOR, Role.ADMIN})
NOTHING_IS_ASKED = "it says what the client has; what is the id of no notice of the test says that it has none"
MAY_BE_INCOMPLETE = "a draft may be incomplete: publishing tells what is not there"


@dataclass(frozen=True, slots=True)
class Case:
    """`unread`: why any id at all is taken at this place, the foreign one like the missing one."""

    place: str
    takes: str
    admits: frozenset[Role]
    rest: Callable[[Belongings, str], dict[str, Any]]
    unread: str = ""

    def __str__(self) -> str:
        return f"{self.place}-{self.takes}"

    @property
    def field(self) -> str:
        return self.place.partition("(")[0]

    @property
    def changes(self) -> bool:
        """Whether the call changes anything when it succeeds."""
        return self.field.startswith("Mutation.")

    def arguments(self, has: Belongings, id: str) -> dict[str, Any]:
        """Return the arguments of the call with `id` in its place; all others are of `has`."""
        rest = self.rest(has, id)
        return {"input": rest} if self.changes else rest


_CORRECT, _SAVE = "Mutation.correctAnswerKey(input.corrections", "Mutation.saveResponses(input.events"
_CREATE, _UPDATE = "Mutation.createTest(input", "Mutation.updateTest(input"

CASES = [
    Case("Query.attempt(id)", "attempt", THOSE_WHO_SIT_OR_WATCH, inputs.by_id),
    Case("Query.attempt(id)", "graded", WATCHERS, inputs.by_id),
    Case("Query.attempts(testId)", "test", WATCHERS, inputs.by_test),
    Case("Query.auditLog(subject)", "passage", ADMINS, inputs.subject),
    Case("Query.auditLog(subject)", "student", ADMINS, inputs.subject),
    Case("Query.auditLog(subject)", "test", ADMINS, inputs.subject),
    *(
        case
        for name, told in (
            ("extendAttempts", inputs.extended),
            ("pauseAttempts", inputs.with_reason),
            ("resumeAttempts", inputs.with_reason),
            ("forceSubmit", inputs.with_reason),
            ("announce", inputs.announced),
        )
        for case in (
            Case(f"Mutation.{name}(input.testId)", "test", INVIGILATORS, partial(inputs.to_all, told)),
            Case(f"Mutation.{name}(input.attemptIds)", "attempt", INVIGILATORS, partial(inputs.to_some, told)),
        )
    ),
    Case("Query.node(id)", "attempt", THOSE_WHO_SIT_OR_WATCH, inputs.by_id),
    Case("Query.node(id)", "question", AUTHORS, inputs.by_id),
    Case("Query.node(id)", "student", THOSE_WHO_KNOW_IT, inputs.by_id),
    Case("Query.node(id)", "test", THOSE_WHO_SIT_OR_WATCH, inputs.by_id),
    Case("Query.question(id)", "question", AUTHORS, inputs.by_id),
    Case("Query.question(id)", "question", AUTHORS, inputs.first_version),
    Case("Query.report(id)", "report", THOSE_WHO_SEE_RESULTS, inputs.by_id),
    Case("Query.sittingOverview(testId)", "test", WATCHERS, inputs.by_test),
    Case("Query.sittingStudents(testId)", "test", WATCHERS, inputs.by_test),
    Case("Subscription.sitting(testId)", "test", WATCHERS, inputs.by_test),
    Case("Query.task(id)", "task", THOSE_WHO_SEE_RESULTS, inputs.by_id),
    Case("Query.test(id)", "draft", WATCHERS, inputs.by_id),
    Case("Query.test(id)", "test", THOSE_WHO_SIT_OR_WATCH, inputs.by_id),
    Case("Query.user(id)", "student", THOSE_WHO_KNOW_IT, inputs.by_id),
    Case("Mutation.createQuestions(input.questions.id)", "question", AUTHORS, inputs.next_version),
    Case("Mutation.createQuestions(input.questions.passageId)", "passage", AUTHORS, inputs.with_passage),
    Case(
        f"{_CREATE}.sections.questions.questionId)", "question", AUTHORS, inputs.created_draft, MAY_BE_INCOMPLETE
    ),
    Case(
        f"{_UPDATE}.sections.questions.questionId)", "question", AUTHORS, inputs.changed_draft, MAY_BE_INCOMPLETE
    ),
    Case(f"{_UPDATE}.testId)", "draft", AUTHORS, inputs.titled),
    Case("Mutation.publishTest(input.testId)", "draft", AUTHORS, inputs.by_test),
    Case("Mutation.closeTest(input.testId)", "test", AUTHORS, inputs.by_test),
    Case("Mutation.assignTest(input.testId)", "test", AUTHORS, inputs.to_group),
    Case("Mutation.assignTest(input.userIds)", "student", AUTHORS, inputs.to_users),
    Case("Mutation.releaseResults(input.testId)", "test", AUTHORS, inputs.sheets),
    Case("Mutation.requestReport(input.testIds)", "test", THOSE_WHO_SEE_RESULTS, inputs.reported),
    Case("Mutation.exportResults(input.testId)", "test", THOSE_WHO_SEE_RESULTS, inputs.as_file),
    Case("Mutation.issueAccessCodes(input.userIds)", "student", ADMINS, inputs.users),
    Case("Mutation.endSessions(input.userIds)", "leaver", ADMINS, inputs.user),
    Case("Mutation.correctAnswerKey(input.testId)", "test", AUTHORS, inputs.dropped_in),
    Case(f"{_CORRECT}.questionId)", "question", AUTHORS, inputs.dropped),
    Case(f"{_CORRECT}.key.correct)", "option", AUTHORS, inputs.correct),
    Case(f"{_CORRECT}.key.order)", "ordered", AUTHORS, inputs.ordered),
    Case(f"{_CORRECT}.key.weights.ref)", "weighted", AUTHORS, inputs.weighted),
    Case(f"{_CORRECT}.key.rows.ref)", "row", AUTHORS, inputs.row_keyed),
    Case(f"{_CORRECT}.key.rows.columns)", "column", AUTHORS, inputs.column_keyed),
    Case("Mutation.startAttempt(input.testId)", "test", STUDENTS, inputs.by_test),
    Case("Mutation.startAttempt(input.testId)", "unstarted", STUDENTS, inputs.by_test),
    Case("Mutation.saveResponses(input.attemptId)", "attempt", STUDENTS, inputs.saved_in),
    Case("Mutation.saveResponses(input.noticesAfter)", "notice", STUDENTS, inputs.told_after, NOTHING_IS_ASKED),
    Case(f"{_SAVE}.questionId)", "question", STUDENTS, inputs.visited),
    Case(f"{_SAVE}.response.optionIds)", "option", STUDENTS, inputs.chosen),
    Case(f"{_SAVE}.response.matrix.rowId)", "row", STUDENTS, inputs.row_matched),
    Case(f"{_SAVE}.response.matrix.columnIds)", "column", STUDENTS, inputs.column_matched),
    Case("Mutation.submitAttempt(input.attemptId)", "attempt", STUDENTS, inputs.submitted),
]

IDS_AS_TEXT = {case.place for case in CASES if case.place.startswith(f"{_CORRECT}.key")}
"""Of type String, and ids all the same: in `createQuestions` the same input takes an author's labels."""
