"""Crowds of students, each in a process of its own: what one core of load cannot send, two can."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess

import uvloop

from bench.examday.student import Place, Seen, Student, Wrong, crowd, log_in_all

LOGINS_AT_ONCE = 32
READY_SECONDS, DAY_SECONDS = 300.0, 900.0


@dataclass(frozen=True, slots=True)
class Sat:
    """What is known of a student after the day."""

    number: int
    attempt_id: str
    acked: int
    submitted: bool


@dataclass(frozen=True, slots=True)
class Told:
    """What a crowd tells. `cpu`: seconds of its process during the day."""

    sat: list[Sat]
    seen: Seen
    cpu: float


class CrowdLost(Exception):
    """A crowd could not begin, or did not come to its end; the message tells why."""


@dataclass(frozen=True, slots=True)
class Crowds:
    """Crowds that have logged in."""

    _lines: Sequence[Connection]

    def sit(self, gate: float) -> list[Told]:
        """Let all sit from the gate on, and wait for them. Raises CrowdLost."""
        for line in self._lines:
            line.send(gate)
        return [_heard(line, DAY_SECONDS) for line in self._lines]


@contextmanager
def crowds(place: Place, codes: Sequence[str], processes: int) -> Iterator[Crowds]:
    """Give the students out to processes, log them in, and stop the processes at the end. Raises CrowdLost."""
    context = get_context("spawn")
    lines: list[Connection] = []
    started: list[SpawnProcess] = []
    try:
        for share in range(processes):
            ours, theirs = context.Pipe()
            students = [(number, codes[number]) for number in range(share, len(codes), processes)]
            process = context.Process(target=_live, args=(theirs, place, students), daemon=True)
            process.start()
            theirs.close()
            lines.append(ours)
            started.append(process)
        for line in lines:
            _heard(line, READY_SECONDS)
        yield Crowds(lines)
    finally:
        for process in started:
            process.terminate()
            process.join()


def _heard(line: Connection, seconds: float) -> Told:
    try:
        if not line.poll(seconds):
            raise CrowdLost(f"nothing was heard for {seconds:.0f} s")
        said = line.recv()
    except EOFError:
        raise CrowdLost("the process ended") from None
    if isinstance(said, str):
        raise CrowdLost(said)
    assert isinstance(said, Told)
    return said


def _live(line: Connection, place: Place, given: list[tuple[int, str]]) -> None:
    uvloop.run(_lives(line, place, given))


async def _lives(line: Connection, place: Place, given: list[tuple[int, str]]) -> None:
    seen = Seen()
    students = [Student(number, code, place, seen) for number, code in given]
    try:
        await log_in_all(students, LOGINS_AT_ONCE)
    except (Wrong, TimeoutError) as error:
        line.send(f"{type(error).__name__}: {error}")
        return
    line.send(Told([], seen, time.process_time()))
    gate = await asyncio.to_thread(line.recv)
    before = time.process_time()
    await crowd(students, gate, seen)
    sat = [Sat(each.number, each.attempt_id, each.acked, each.submitted) for each in students]
    line.send(Told(sat, seen, time.process_time() - before))
