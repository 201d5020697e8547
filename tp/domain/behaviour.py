"""What an attempt's log tells of how its student worked: time, visits, returns and changes by question.

- *Clock*. Events count in the server's order: by (number, place in the batch). An event happens no later than its
  batch was received and no earlier than the event before it; where the client's clock says otherwise by more than
  `DRIFT_MS`, the server's order wins and the attempt is flagged.
- *Stretch*: the time from an event to the next one, or to the end of the log, without what of it was in a pause.
  It belongs to the question of the latest event that named one; after a BLUR to nobody, until any other event.
- *Time* of a question: its stretches, each clipped to `idle_ms`; *idle* is what was clipped off.
- A *visit* begins with a VISIT, and with any other event about a question that is not the current one.
- A *change* is an ANSWER that differs from the one before it to the same question, whatever lay between.

The analysis platform computes the same over a whole cohort (`analysis.reports.visits`); a test compares them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tp.domain.attempt import Pause
from tp.domain.events import Batch, Event, EventType
from tp.domain.paper import Paper
from tp.domain.pauses import standstills
from tp.domain.response import Response
from tp.domain.value import Frozen

DRIFT_MS = 60_000
"""Disagreement of the clocks that is put down to the network and to a slow start."""

IDLE_MS = 300_000
FOREVER = datetime.max.replace(tzinfo=UTC)


class QuestionBehaviour(Frozen):
    """Times in milliseconds."""

    question_id: str
    time: int = 0
    idle: int = 0
    visits: int = 0
    changes: int = 0

    @property
    def returns(self) -> int:
        return max(0, self.visits - 1)


class SectionBehaviour(Frozen):
    """The sums over a section's questions."""

    section_id: str
    time: int
    idle: int
    visits: int
    returns: int
    changes: int


class Behaviour(Frozen):
    """`away`: milliseconds without the window's focus, lost `focus_lost` times. `clocks_disagreed`: the client's
    clock could not be followed everywhere. `questions` in the paper's order."""

    questions: tuple[QuestionBehaviour, ...]
    sections: tuple[SectionBehaviour, ...]
    away: int
    focus_lost: int
    clocks_disagreed: bool


@dataclass(slots=True)
class _Tally:
    time: int = 0
    idle: int = 0
    visits: int = 0
    changes: int = 0
    answer: Response | None = None


@dataclass(slots=True)
class _Course:
    """Where the fold stands. `now`: milliseconds of the student's own time, which pauses are no part of."""

    tallies: dict[str, _Tally]
    idle_ms: int
    current: _Tally | None = None
    looking: bool = True
    away: int = 0
    focus_lost: int = 0
    now: int = 0

    def go_on_to(self, at: int) -> None:
        """Give the stretch that ends at `at` to whom it belongs."""
        stretch, self.now = at - self.now, at
        if not self.looking:
            self.away += stretch
        elif self.current is not None:
            self.current.time += min(stretch, self.idle_ms)
            self.current.idle += max(0, stretch - self.idle_ms)

    def take(self, event: Event) -> None:
        """Let an event happen now."""
        blurred = event.type is EventType.BLUR
        self.focus_lost += blurred and self.looking
        self.looking = not blurred
        tally = None if event.question_id is None else self.tallies.get(event.question_id)
        if tally is None:
            return
        tally.visits += event.type is EventType.VISIT or tally is not self.current
        self.current = tally
        if event.type is EventType.ANSWER:
            tally.changes += tally.answer is not None and tally.answer != event.response
            tally.answer = event.response


def behaviour(
    paper: Paper,
    batches: Iterable[Batch],
    started_at: datetime,
    ended_at: datetime | None,
    pauses: Sequence[Pause] = (),
    idle_ms: int = IDLE_MS,
) -> Behaviour:
    """Fold a log, in whatever order its batches come. `ended_at`: when it was closed; while it runs, the latest
    event is its end. A number given twice counts once. A question that the paper has not is passed over."""
    course = _Course(
        {question.id: _Tally() for section in paper.sections for question in section.questions}, idle_ms
    )
    stood = [
        (_milliseconds(started_at, began), _milliseconds(started_at, ended))
        for began, ended in standstills(pauses, started_at, ended_at or FOREVER)
    ]
    clock = disagreed = 0
    for event, received in _in_order(batches, started_at):
        ahead = event.at > received + DRIFT_MS
        clock = max(clock, max(0, received) if ahead else event.at)
        disagreed |= ahead or event.at < clock - DRIFT_MS
        course.go_on_to(_working(clock, stood))
        course.take(event)
    if ended_at is not None:
        course.go_on_to(_working(max(clock, _milliseconds(started_at, ended_at)), stood))
    questions = {
        id: QuestionBehaviour(question_id=id, time=t.time, idle=t.idle, visits=t.visits, changes=t.changes)
        for id, t in course.tallies.items()
    }
    return Behaviour(
        questions=tuple(questions.values()),
        sections=tuple(
            _sum(section.id, [questions[question.id] for question in section.questions])
            for section in paper.sections
        ),
        away=course.away,
        focus_lost=course.focus_lost,
        clocks_disagreed=bool(disagreed),
    )


def _in_order(batches: Iterable[Batch], started_at: datetime) -> Iterator[tuple[Event, int]]:
    """Yield each event with the milliseconds from the start to its batch's arrival."""
    by_seq = {batch.seq: batch for batch in batches}
    for seq in sorted(by_seq):
        received = _milliseconds(started_at, by_seq[seq].received_at)
        for event in by_seq[seq].events:
            yield event, received


def _working(at: int, stood: Sequence[tuple[int, int]]) -> int:
    """Return how much of the time until `at` the clock ran."""
    return at - sum(max(0, min(at, ended) - began) for began, ended in stood)


def _milliseconds(since: datetime, until: datetime) -> int:
    return (until - since) // timedelta(milliseconds=1)


def _sum(section_id: str, questions: list[QuestionBehaviour]) -> SectionBehaviour:
    return SectionBehaviour(
        section_id=section_id,
        time=sum(question.time for question in questions),
        idle=sum(question.idle for question in questions),
        visits=sum(question.visits for question in questions),
        returns=sum(question.returns for question in questions),
        changes=sum(question.changes for question in questions),
    )
