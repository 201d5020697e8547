"""Another service that reads the platform's lists, in every format that there is."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx
import orjson
import polars as pl
from school import SAVE, SUBMIT, Exam, School

from api.bootstrap import service_tokens
from api.rest.access import Scope
from api.rest.media import ARROW, NDJSON
from api.settings import Settings

EVERYTHING = tuple(scope.value for scope in Scope)


@dataclass
class Read:
    """A list as it was read; `cursors`: those that came on the way, each with the count of rows before it."""

    rows: list[dict[str, Any]]
    end: dict[str, Any]
    cursors: list[tuple[int, str]]
    body: bytes


@dataclass
class Asker:
    """A service with a token; `path` begins with what is under `/v1`."""

    school: School
    token: str | None

    async def get(self, path: str, accept: str = "application/json", **parameters: Any) -> httpx.Response:
        headers = {"Accept": accept, "Accept-Encoding": "identity"}
        return await self.school.client.get(f"/v1{path}", params=parameters, headers=headers | self._bearer())

    async def put(self, path: str, body: Any) -> httpx.Response:
        return await self.school.client.put(f"/v1{path}", json=body, headers=self._bearer())

    async def page(self, path: str, **parameters: Any) -> Read:
        answered = (await self.get(path, **parameters)).json()
        return Read(answered.pop("items"), answered, [], b"")

    async def lines(self, path: str, **parameters: Any) -> Read:
        return read_lines((await self.get(path, NDJSON, **parameters)).content)

    async def arrow(self, path: str, **parameters: Any) -> Read:
        return read_arrow((await self.get(path, ARROW, **parameters)).content)

    def _bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}


def asker(
    school: School, settings: Settings, scopes: tuple[str, ...] = EVERYTHING, tenants: tuple[str, ...] = ()
) -> Asker:
    """Return a service that may do this for these tenants, by default all for the school."""
    tokens = service_tokens(settings)
    assert tokens is not None
    of = tenants or (school.tenant.slug,)
    return Asker(school, tokens.issue("ap", scopes, of, now=school.clock(), lifetime=timedelta(hours=1)))


def read_lines(body: bytes) -> Read:
    """Read NDJSON; the end of a stream that was cut is empty."""
    rows: list[dict[str, Any]] = []
    end: dict[str, Any] = {}
    cursors, of_rows = [], []
    for line in body.splitlines(keepends=True):
        read = orjson.loads(line)
        if "@end" in read:
            end = read["@end"]
        elif "@cursor" in read:
            cursors.append((len(rows), read["@cursor"]))
        else:
            rows.append(read)
            of_rows.append(line)
    if end:
        assert end["rows"] == len(rows)
        assert end["sha256"] == hashlib.sha256(b"".join(of_rows)).hexdigest()
    return Read(rows, end, cursors, body)


def read_arrow(body: bytes) -> Read:
    """Read Arrow; instants as JSON has them."""
    frame = pl.read_ipc_stream(io.BytesIO(body))
    rows = [{name: _plain(value) for name, value in row.items()} for row in frame.to_dicts()]
    last = rows.pop()
    end = {name[1:]: value for name, value in last.items() if name.startswith("@")}
    end["next"] = end.pop("cursor")
    assert end["sha256"] == hashlib.sha256(body[: end["bytes"]]).hexdigest()
    cursors = [(place + 1, row["@cursor"]) for place, row in enumerate(rows) if row["@cursor"]]
    plain = [{name: value for name, value in row.items() if not name.startswith("@")} for row in rows]
    assert end["rows"] == len(plain)
    return Read(plain, end, cursors, body)


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case list():
            return [_plain(each) for each in value]
        case dict():
            return {name: _plain(each) for name, each in value.items()}
    return value


async def sat(exam: Exam, login: str, batches: int = 2, text: str = "3.14") -> str:
    """Let a student sit the exam and submit; return the attempt's id."""
    student = await exam.student(login)
    attempt_id = await exam.start(student)
    for seq in range(1, batches + 1):
        events = [
            exam.visit(0, seq * 100),
            exam.answer(0, seq * 100 + 1, optionIds=[exam.option(0, "4")]),
            exam.answer(1, seq * 100 + 2, text=text),
            {"type": "BLUR", "at": seq * 100 + 3},
            exam.answer(3, seq * 100 + 4, optionIds=[exam.option(3, "2"), exam.option(3, "4")]),
        ]
        await student.do(SAVE, attemptId=attempt_id, seq=seq, events=events)
    await student.do(SUBMIT, attemptId=attempt_id, lastSeq=batches)
    return attempt_id
