"""What the test platform keeps in a tenant's namespace, and the indexed copies that its queries need."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from store.port import Kind, Value
from store.records import Table
from tp.domain.accommodation import Accommodation
from tp.domain.attempt import Attempt, AttemptState
from tp.domain.correction import ScoreChange
from tp.domain.events import Batch
from tp.domain.grading import Score
from tp.domain.ids import notice_id
from tp.domain.notices import Notice
from tp.domain.paper import AnswerKey, Paper
from tp.domain.question import Passage, Question
from tp.domain.test import Test
from tp.domain.value import Frozen, Instant, Marks
from tp.rendering.rendition import Rendition


class Assignment(Frozen):
    """A test given to `subject`: a user id, or a group as `group:NAME`."""

    test_id: str
    subject: str
    accommodation: Accommodation = Accommodation()
    assigned_at: Instant


class LogEntry(Frozen):
    """What stands under one number of an attempt's log: a batch, or the seal that closes that number.

    Closing an attempt seals every missing number and the one after the last, so that a late insert, from
    whichever process, meets an existing key and is refused: nothing can be acknowledged that is not counted.
    """

    attempt_id: str
    seq: int
    batch: Batch | None = None
    sealed_at: Instant | None = None


class Result(Frozen):
    """An attempt's score under one version of the answer key.

    `previous_total`: the marks under the version before which it was scored by, when there was one.

    What else grading reads in the log is kept for services that ask for all attempts of a test: `answers` by
    question id (`domain.answer_text`), `None` when they are too long to keep; hashes of the addresses and user
    agents that were seen.
    """

    attempt_id: str
    test_id: str
    student_id: str
    key_version: int
    graded_at: Instant
    score: Score
    previous_total: Marks | None = None
    answers: dict[str, str] | None = None
    addresses: tuple[str, ...] = ()
    agents: tuple[str, ...] = ()


class SubjectStanding(Frozen):
    rank: int
    percentile: str


class Standing(Frozen):
    """An attempt's place among all, as a report has it that was made under one version of the answer key.

    It is of use only beside a result of the same version. Ranks count from 1; percentiles have seven decimals.
    """

    attempt_id: str
    test_id: str
    report_id: str
    key_version: int
    rank: int
    percentile: str
    subjects: dict[str, SubjectStanding] = {}


class Chore(StrEnum):
    """GRADE an attempt that is closed, RESCORE a test whose key, RETIME a test whose window has changed; PREPARE
    attempts at a test that opens later; do the JOB, or have the REPORT made, that staff asked for; HEED a notice:
    write down what it changes."""

    GRADE = "GRADE"
    RESCORE = "RESCORE"
    RETIME = "RETIME"
    PREPARE = "PREPARE"
    JOB = "JOB"
    REPORT = "REPORT"
    HEED = "HEED"


class OutboxRecord(Frozen):
    """Work that a commit causes, written in that commit, to be done not before `run_at`.

    `subject` is the id of an attempt, a test, a job, a report or a notice.
    """

    chore: Chore
    subject: str
    recorded_at: Instant
    run_at: Instant | None = None

    @property
    def id(self) -> str:
        return f"{self.chore}:{self.subject}"


class JobKind(StrEnum):
    EXPORT_RESULTS = "EXPORT_RESULTS"
    RESCORE = "RESCORE"


class ExportFormat(StrEnum):
    CSV = "CSV"
    XLSX = "XLSX"


class Job(Frozen):
    """Long work that somebody of the staff asked for, and what became of it.

    `queued_as`: the task of the queue that does it, as soon as one does. `failure`: why it came to nothing, for
    whoever asked. `scored`: results brought under a new key. `size`: bytes of the file that an export made.
    """

    id: str
    kind: JobKind
    test_id: str
    asked_by: str
    created_at: Instant
    format: ExportFormat | None = None
    queued_as: str | None = None
    finished_at: Instant | None = None
    failure: str | None = None
    scored: int | None = None
    size: int | None = None


class ChangePage(Frozen):
    """Totals that a re-scoring moved, some of them. `number`: how many results were scored before these."""

    job_id: str
    number: int
    changes: tuple[ScoreChange, ...]


def part_id(id: str, number: int) -> str:
    """Return the id of one part of something long; ids sort as their numbers do."""
    return f"{id}:{number:06d}"


def version_id(id: str, version: int) -> str:
    """Return the id under which one version of something is kept."""
    return f"{id}:{version}"


def log_id(attempt_id: str, seq: int) -> str:
    """Return the id of one number of an attempt's log; ids sort as their numbers do."""
    return f"{attempt_id}:{seq:06d}"


def minute(at: datetime) -> int:
    """Return whole minutes since the epoch, rounded up.

    Attempts are indexed by the minute in which they fall due, not the instant: within a minute the index
    sorts by the hashed key, so that ten thousand starts do not write to one end of it.
    """
    return -int(-at.timestamp() // 60)


def _question_index(question: Question) -> Mapping[str, Value]:
    tags = question.tags
    return {
        "subject": tags.subject,
        "topic": tags.topic,
        "difficulty": tags.difficulty,
        "type": question.content.type,
        "labels": tags.labels or None,
    }


def _attempt_index(attempt: Attempt) -> Mapping[str, Value]:
    running = attempt.state is AttemptState.IN_PROGRESS
    return {
        "test": attempt.test_id,
        "student": attempt.student_id,
        "state": attempt.state,
        "due": minute(attempt.due_at) if running and attempt.due_at else None,
        "changed": minute(attempt.changed_at) if attempt.changed_at else None,
    }


QUESTIONS = Table(
    Kind("Question", frozenset({"subject", "topic", "difficulty", "type", "labels"})),
    Question,
    id_of=lambda question: question.id,
    index=_question_index,
)
"""The newest version of each question."""

QUESTION_VERSIONS = Table(
    Kind("QuestionVersion"), Question, id_of=lambda question: version_id(question.id, question.version)
)
PASSAGES = Table(Kind("Passage"), Passage, id_of=lambda passage: passage.id)
TESTS = Table(
    Kind("Test", frozenset({"state", "owner"})),
    Test,
    id_of=lambda test: test.id,
    index=lambda test: {"state": test.state, "owner": test.owner_id},
)
PAPERS = Table(Kind("Paper"), Paper, id_of=lambda paper: version_id(paper.test_id, paper.version))
RENDITIONS = Table(
    Kind("Rendition"), Rendition, id_of=lambda rendition: version_id(rendition.test_id, rendition.version)
)
"""Missing beside papers that were frozen before renditions were."""
ANSWER_KEYS = Table(Kind("AnswerKey"), AnswerKey, id_of=lambda key: version_id(key.test_id, key.version))
ASSIGNMENTS = Table(
    Kind("Assignment", frozenset({"subject", "test"})),
    Assignment,
    id_of=lambda assignment: f"{assignment.test_id}:{assignment.subject}",
    index=lambda assignment: {"subject": assignment.subject, "test": assignment.test_id},
)
ATTEMPTS = Table(
    Kind("Attempt", frozenset({"test", "student", "state", "due", "changed"}), frozenset({("test", "changed")})),
    Attempt,
    id_of=lambda attempt: attempt.id,
    index=_attempt_index,
)
LOG = Table(Kind("Log"), LogEntry, id_of=lambda entry: log_id(entry.attempt_id, entry.seq))
LATE = Table(Kind("Late"), LogEntry, id_of=lambda entry: log_id(entry.attempt_id, entry.seq))
"""Batches that came after their attempt was closed, its deadline had passed or another device had taken it over:
kept, flagged, not counted."""
NOTICES = Table(Kind("Notice"), Notice, id_of=lambda notice: notice_id(notice.test_id, notice.number))
"""Read by the key alone: a test's notices are a range of keys, and the next one's key is known beforehand."""
RESULTS = Table(Kind("Result"), Result, id_of=lambda result: result.attempt_id)
STANDINGS = Table(Kind("Standing"), Standing, id_of=lambda standing: standing.attempt_id)
OUTBOX = Table(Kind("Outbox"), OutboxRecord, id_of=lambda record: record.id)
JOBS = Table(Kind("Job"), Job, id_of=lambda job: job.id)
CHANGES = Table(Kind("ScoreChanges"), ChangePage, id_of=lambda page: part_id(page.job_id, page.number))
FILE_PARTS = Kind("FilePart")
"""Bytes of files that exports make: no record, only a body."""

KINDS: tuple[Kind, ...] = (
    *(
        table.kind
        for table in (
            QUESTIONS,
            QUESTION_VERSIONS,
            PASSAGES,
            TESTS,
            PAPERS,
            RENDITIONS,
            ANSWER_KEYS,
            ASSIGNMENTS,
            ATTEMPTS,
            LOG,
            LATE,
            NOTICES,
            RESULTS,
            STANDINGS,
            OUTBOX,
            JOBS,
            CHANGES,
        )
    ),
    FILE_PARTS,
)
