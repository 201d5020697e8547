"""What other services may know of the Test Platform: its wire models, and the columns of its lists."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, JsonValue
from pydantic.alias_generators import to_camel

Localized = dict[str, str]
"""Text per language: Markdown with `$…$` LaTeX."""


class Wire(BaseModel):
    """A model of the REST interface: camelCase on the wire."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True)


class OptionView(Wire):
    id: str
    text: Localized


class TagsView(Wire):
    """Of the very version of the question that the paper shows."""

    subject: str | None
    topic: str | None
    difficulty: str | None
    labels: tuple[str, ...]


class QuestionView(Wire):
    """`options`, `rows`, `columns` in the author's order. `maximum`: exact marks of a right answer. `marking`: the
    rule in force. `key`: what is right under the newest key, as responses have it: ids of options,
    `row:column,column` of a matrix, texts otherwise (a range as `low..high`), nothing for what is graded by hand.
    `dropped`: to whom it gives full marks, `None` unless it was dropped."""

    id: str
    version: int
    number: int
    type: str
    text: Localized
    options: tuple[OptionView, ...]
    rows: tuple[OptionView, ...]
    columns: tuple[OptionView, ...]
    maximum: str
    marking: dict[str, JsonValue]
    tags: TagsView
    key: tuple[str, ...]
    dropped: str | None


class SectionView(Wire):
    id: str
    title: str
    subject: str | None
    answer_any: int | None
    questions: tuple[QuestionView, ...]


class KeyVersionView(Wire):
    """`dropped`: question ids, each with its policy: `ALL`, `ATTEMPTED` or `NONE` have full marks."""

    version: int
    dropped: dict[str, str]


class TestView(Wire):
    """A published test with its paper. `answer_key`: the newest, whole, by question id."""

    id: str
    title: str
    state: str
    opens_at: datetime | None
    closes_at: datetime | None
    published_at: datetime | None
    closed_at: datetime | None
    duration_seconds: int
    grace_seconds: int
    paper_version: int
    key_version: int
    key_versions: tuple[KeyVersionView, ...]
    marking: dict[str, JsonValue]
    sections: tuple[SectionView, ...]
    answer_key: dict[str, JsonValue]


class GradedView(Wire):
    """`response` as `QuestionView.key` has it, options joined by `|`; `marks` exact, `None` while they are not
    given; `counted`: false beyond the n of "answer any n"."""

    question: str
    outcome: str
    response: str | None
    marks: str | None
    counted: bool


class PauseView(Wire):
    """When the clock stood; `ended_at` is `None` of one that was open when the attempt ended."""

    began_at: datetime
    ended_at: datetime | None


class AttemptRow(Wire):
    """`addresses`, `agents`: hashes of those that were seen. What grading gives is `None` or empty before it."""

    attempt: str
    test: str
    student: str
    name: str | None
    external_id: str | None
    groups: tuple[str, ...]
    number: int
    state: str
    started_at: datetime | None
    submitted_at: datetime | None
    closed_by: str | None
    pauses: tuple[PauseView, ...]
    key_version: int | None
    graded_at: datetime | None
    total: str | None
    addresses: tuple[str, ...]
    agents: tuple[str, ...]
    questions: tuple[GradedView, ...]


class EventRow(Wire):
    """`at`: the client's clock, milliseconds since the start. `received_at`: the server's."""

    attempt: str
    seq: int
    place: int
    type: str
    at: int
    question: str | None
    response: str | None
    received_at: datetime


class ListEnd(Wire):
    """What a list ends with. `rows`: how many it had. `sha256`: of their lines in NDJSON (or, in Arrow, of the
    bytes before). `next` continues after them; `None`: no more follow. `as_of`: the next `updatedSince`."""

    rows: int
    sha256: str
    next: str | None
    as_of: datetime


class AttemptPage(ListEnd):
    items: tuple[AttemptRow, ...]


class EventPage(ListEnd):
    items: tuple[EventRow, ...]
