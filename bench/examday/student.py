"""One student's day at the server: starts, reads, saves, is cut off and comes back, submits."""

from __future__ import annotations

import asyncio
import re
import time
from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import orjson

from api.cli.demo.client import LOGIN
from bench import documents
from bench.examday.answers import Question, batch
from bench.examday.day import Day, Plan, plan
from bench.examday.wire import Lost, Wire

ATTEMPT = re.compile(rb'"attempt":\{"id":"(att_[0-9a-z]+)"')
ACKED = re.compile(rb'"ackedSeq":(\d+)')
TOKEN = re.compile(rb'"token":"([^"]+)"')
OPERATIONS = ("log in", "start", "paper", "save", "resume", "submit")
GIVE_UP_SECONDS = 60.0
BACK_OFF_SECONDS = (0.1, 0.2, 0.4, 0.8, 1.0)


class Wrong(Exception):
    """The server answered what it must not; the message tells what."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where and what all students of a crowd sit."""

    host: str
    port: int
    tenant: str
    test_id: str
    questions: tuple[Question, ...]
    day: Day


@dataclass(slots=True)
class Seen:
    """What the students of a crowd saw. `latencies`: seconds from when each meant to ask to the whole answer."""

    latencies: dict[str, array[float]] = field(default_factory=lambda: {name: array("d") for name in OPERATIONS})
    errors: Counter[str] = field(default_factory=Counter)
    again: Counter[str] = field(default_factory=Counter)
    last_paper: float = 0.0
    last_submit: float = 0.0


class Student:
    """`acked` is the highest batch that the server said it has."""

    def __init__(self, number: int, code: str, place: Place, seen: Seen) -> None:
        self.number = number
        self.attempt_id = ""
        self.acked = 0
        self.submitted = False
        self._code = code
        self._place = place
        self._seen = seen
        self._plan: Plan = plan(place.day, number)
        self._wire = Wire()
        self._head = _head(place, "")

    async def log_in(self) -> None:
        """Exchange the access code for a token."""
        variables = {"input": {"tenant": self._place.tenant, "accessCode": self._code}}
        said = await self._ask("log in", time.time(), _body(LOGIN, variables))
        self._head = _head(self._place, _found(TOKEN, said).decode())

    async def sit(self, gate: float) -> None:
        """Go through the day. Raises Wrong, TimeoutError."""
        await self._start(gate + self._plan.starts_at)
        away: list[int] = []
        for seq, after in enumerate(self._plan.saves_at, start=1):
            at = gate + after
            await _until(at)
            if self._plan.drops_at == seq:
                self._cut_off(seq)
                away.append(seq)
            elif away and seq < min(away[0] + 2, self._place.day.saves):
                away.append(seq)
            else:
                if away:
                    await self._come_back(at)
                for waiting in (*away, seq):
                    await self._save(waiting, at)
                away.clear()
        await self._submit(gate + self._plan.submits_at)
        self._wire.cut()

    async def _start(self, at: float) -> None:
        await _until(at)
        said = await self._ask("start", at, _body(documents.START, {"input": {"testId": self._place.test_id}}))
        self.attempt_id = _found(ATTEMPT, said).decode()
        await self._ask("paper", time.time(), _body(documents.PAPER, {"id": self.attempt_id}))
        self._seen.last_paper = max(self._seen.last_paper, time.time())

    async def _save(self, seq: int, at: float) -> None:
        said = await self._ask("save", at, self._batch(seq))
        acked = int(_found(ACKED, said))
        if acked < seq:
            raise Wrong(f"{self.attempt_id}: batch {seq} sent, acknowledged up to {acked}")
        self.acked = acked

    def _cut_off(self, seq: int) -> None:
        """Lose the connection with a batch on its way: nobody knows whether it arrived."""
        try:
            self._wire.send(self._head, self._batch(seq))
        except Lost:
            return
        self._wire.cut()

    async def _come_back(self, at: float) -> None:
        said = await self._ask("resume", at, _body(documents.RESUME, {"id": self.attempt_id}))
        if int(_found(ACKED, said)) < self.acked:
            raise Wrong(f"{self.attempt_id}: {self.acked} was acknowledged, after coming back less: {said!r}")

    async def _submit(self, at: float) -> None:
        await _until(at)
        given = {"attemptId": self.attempt_id, "lastSeq": self._place.day.saves}
        await self._ask("submit", at, _body(documents.SUBMIT, {"input": given}))
        self.submitted = True
        self._seen.last_submit = max(self._seen.last_submit, time.time())

    def _batch(self, seq: int) -> bytes:
        events = batch(self._place.questions, self.number, seq)
        return _body(documents.SAVE, {"input": {"attemptId": self.attempt_id, "seq": seq, "events": events}})

    async def _ask(self, operation: str, meant_at: float, body: bytes) -> bytes:
        """Ask until it is answered: every operation here may be sent again. Raises Wrong, TimeoutError."""
        tries = 0
        while time.time() < meant_at + GIVE_UP_SECONDS:
            fresh = not self._wire.open
            try:
                if fresh:
                    await self._connect()
                status, said = await self._wire.request(self._head, body)
            except (Lost, OSError):
                # An idle connection that the server has just closed is opened anew, as every browser does.
                self._seen.again["cut" if fresh else "closed while idle"] += 1
                if fresh:
                    await asyncio.sleep(BACK_OFF_SECONDS[min(tries, len(BACK_OFF_SECONDS) - 1)])
                    tries += 1
                continue
            if status == 503:
                self._seen.again["503"] += 1
                await asyncio.sleep(self._wire.retry_after or BACK_OFF_SECONDS[-1])
                continue
            self._seen.latencies[operation].append(time.time() - meant_at)
            if status != 200 or not said.startswith(b'{"data":{') or b'"userErrors":[{' in said:
                raise Wrong(f"{operation}: {status} {said[:400]!r}")
            return said
        raise TimeoutError(operation)

    async def _connect(self) -> None:
        loop = asyncio.get_running_loop()
        _, self._wire = await loop.create_connection(Wire, self._place.host, self._place.port)


async def crowd(students: Sequence[Student], gate: float, seen: Seen) -> None:
    """Let all sit their day; what goes wrong is counted, and stops nobody else."""

    async def one(student: Student) -> None:
        try:
            await student.sit(gate)
        except (Wrong, TimeoutError) as error:
            seen.errors[f"{type(error).__name__}: {error}"[:300]] += 1

    await asyncio.gather(*map(one, students))


async def log_in_all(students: Sequence[Student], at_once: int) -> None:
    """Log all in before the day, so many at a time. Raises Wrong, TimeoutError."""
    free = asyncio.Semaphore(at_once)

    async def one(student: Student) -> None:
        async with free:
            await student.log_in()

    await asyncio.gather(*map(one, students))


async def _until(at: float) -> None:
    await asyncio.sleep(max(0.0, at - time.time()))


def _found(pattern: re.Pattern[bytes], said: bytes) -> bytes:
    match = pattern.search(said)
    if match is None:
        raise Wrong(f"no {pattern.pattern!r} in {said[:300]!r}")
    return match[1]


def _head(place: Place, token: str) -> bytes:
    lines = [
        "POST /graphql HTTP/1.1",
        f"host: {place.host}:{place.port}",
        f"x-tenant: {place.tenant}",
        "content-type: application/json",
        "accept: application/graphql-response+json",
        *([f"authorization: Bearer {token}"] if token else []),
    ]
    return "".join(f"{line}\r\n" for line in lines).encode()


def _body(document: str, variables: Mapping[str, object]) -> bytes:
    return orjson.dumps({"query": document, "variables": variables})
