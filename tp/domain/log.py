"""The log of an attempt: what may be appended, and what it folds into."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from tp.domain.events import QUESTION_EVENTS, Batch, Event, EventType
from tp.domain.palette import MARKED, PaletteState, palette_state
from tp.domain.paper import Paper, PaperQuestion
from tp.domain.problem import Code, PathStep, Problem
from tp.domain.response import Response
from tp.domain.responses import canonical
from tp.domain.value import Frozen

MAX_AT = 7 * 24 * 60 * 60 * 1000
"""Milliseconds; no attempt lasts longer than seven days."""

MAX_EVENTS = 1_000
"""Events in one batch."""

Path = tuple[PathStep, ...]


class Sitting(Frozen):
    """What a log comes to.

    `responses` by question id; `palette` names every question of the paper. `acked_seq` is the highest number
    up to which no batch is missing; `beyond` are the numbers received after a gap.
    """

    responses: dict[str, Response]
    palette: dict[str, PaletteState]
    current: str | None = None
    acked_seq: int = 0
    beyond: tuple[int, ...] = ()

    def gaps(self, up_to: int, limit: int = 1_000) -> tuple[int, ...]:
        """Return the numbers from 1 to `up_to` that have not been received, the first `limit` of them."""
        received = set(self.beyond)
        missing: list[int] = []
        for seq in range(self.acked_seq + 1, up_to + 1):
            if seq not in received:
                if len(missing) == limit:
                    break
                missing.append(seq)
        return tuple(missing)


def check_events(
    paper: Paper, events: Sequence[Event], path: Path = ("events",)
) -> tuple[tuple[Event, ...], list[Problem]]:
    """Return the events with canonical responses, and everything that is wrong; when anything is, keep none."""
    if len(events) > MAX_EVENTS:
        return (), [Problem(Code.TOO_MANY, path, f"a batch holds at most {MAX_EVENTS} events")]
    questions = paper.by_id
    checked: list[Event] = []
    problems: list[Problem] = []
    for index, event in enumerate(events):
        found = _check_event(questions, event, (*path, index))
        if isinstance(found, Event):
            checked.append(found)
        else:
            problems += found
    return (() if problems else tuple(checked)), problems


def _check_event(questions: dict[str, PaperQuestion], event: Event, path: Path) -> Event | list[Problem]:
    problems: list[Problem] = []
    if not 0 <= event.at <= MAX_AT:
        problems.append(Problem(Code.INVALID, (*path, "at"), f"at is between 0 and {MAX_AT} milliseconds"))
    question = None if event.question_id is None else questions.get(event.question_id)
    if event.type not in QUESTION_EVENTS:
        if event.question_id is not None:
            problems.append(Problem(Code.INVALID, (*path, "questionId"), f"{event.type} is about no question"))
    elif event.question_id is None:
        problems.append(Problem(Code.REQUIRED, (*path, "questionId"), f"{event.type} needs a question"))
    elif question is None:
        problems.append(Problem(Code.UNKNOWN_QUESTION, (*path, "questionId"), "the paper has no such question"))
    if event.type is not EventType.ANSWER:
        if event.response is not None:
            problems.append(Problem(Code.INVALID, (*path, "response"), f"{event.type} carries no response"))
    elif event.response is None:
        problems.append(Problem(Code.REQUIRED, (*path, "response"), "ANSWER needs a response"))
    elif question is not None:
        answer = canonical(question.content, event.response, (*path, "response"))
        if answer is event.response:
            return problems or event
        if isinstance(answer, Response):
            return problems or event.model_copy(update={"response": answer})
        problems += answer
    return problems or event


def fold(
    paper: Paper,
    batches: Iterable[Batch],
    *,
    last_seq: int | None = None,
    missing: Collection[int] = (),
    since: Sitting | None = None,
) -> Sitting:
    """Fold a log, in whatever order it comes, by (number, place in the batch).

    Batches after `last_seq` and those in `missing` do not count: a closed attempt names them. A number given
    twice counts once. `since`: the fold of a gapless beginning of this log, to go on from.

    An event about a question visits it; CLEAR takes the response and leaves the mark. Raises ValueError when
    `since` has gaps.
    """
    if since is not None and since.beyond:
        raise ValueError("a log can be folded on only from a gapless beginning")
    start = since.acked_seq if since else 0
    left_out = frozenset(missing)
    by_seq = {
        batch.seq: batch
        for batch in batches
        if batch.seq > start and (last_seq is None or batch.seq <= last_seq) and batch.seq not in left_out
    }
    order = sorted(by_seq)
    responses = dict(since.responses) if since else {}
    visited = (
        {id_ for id_, state in since.palette.items() if state is not PaletteState.NOT_VISITED} if since else set()
    )
    marked = {id_ for id_, state in since.palette.items() if state in MARKED} if since else set()
    current = since.current if since else None
    for seq in order:
        for event in by_seq[seq].events:
            id_ = event.question_id
            if id_ is None:
                continue
            type_ = event.type
            if type_ is EventType.VISIT or id_ not in visited:
                visited.add(id_)
                current = id_
            if type_ is EventType.ANSWER:
                if event.response is not None:
                    responses[id_] = event.response
            elif type_ is EventType.CLEAR:
                responses.pop(id_, None)
            elif type_ is EventType.MARK:
                marked.add(id_)
            elif type_ is EventType.UNMARK:
                marked.discard(id_)
    acked, beyond = _contiguous(start, order)
    return Sitting(
        responses=responses,
        palette={
            question.id: palette_state(
                visited=question.id in visited, answered=question.id in responses, marked=question.id in marked
            )
            for section in paper.sections
            for question in section.questions
        },
        current=current,
        acked_seq=acked,
        beyond=beyond,
    )


def _contiguous(start: int, order: Sequence[int]) -> tuple[int, tuple[int, ...]]:
    """Return the highest number reached without a gap, and the numbers after the gap."""
    acked = start
    for index, seq in enumerate(order):
        if seq != acked + 1:
            return acked, tuple(order[index:])
        acked = seq
    return acked, ()
