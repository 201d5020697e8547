"""The test platform as reports are made from it: tests, graded attempts, events; standings written back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from types import TracebackType
from typing import Self
from urllib.parse import quote

import httpx
import polars as pl

from analysis.contract import Standing, StandingsPage
from analysis.frames import Cohort
from analysis.pulling import rows
from analysis.pulling.batches import Part, parts
from analysis.pulling.errors import Gone, Regraded, SourceCorrupt, SourceRefused, SourceUnreachable
from tp.contract import TestView

TIMEOUT = httpx.Timeout(60.0, connect=5.0)
ARROW = "application/vnd.apache.arrow.stream"
CUTS = 5
"""In a row, without a row in between."""
DETAIL_LENGTH = 300
LATER = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})

Check = Callable[[], None]
"""Called between the parts of what takes long; raises to stop."""


@dataclass(frozen=True, slots=True)
class Pulled:
    """`cohort`: without events. `titles` and `key_versions` by test."""

    cohort: Cohort
    titles: dict[str, str]
    key_versions: dict[str, int]


class Source:
    """Is to be entered, and reads with one connection at a time."""

    def __init__(self, url: str, token: str, transport: httpx.BaseTransport | None = None) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        self._http = httpx.Client(
            base_url=url, headers=headers, timeout=TIMEOUT, transport=transport, trust_env=False
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def pull(self, tenant: str, test_ids: Sequence[str], check: Check) -> Pulled:
        """Read tests with all their graded attempts, all under the newest key of each; logs come by `events`.

        Raises SourceUnreachable, SourceCorrupt, Regraded, Gone, SourceRefused.
        """
        tests = [self.test(tenant, id) for id in test_ids]
        nobody = Cohort.empty()
        attempts, responses = [nobody.attempts], [nobody.responses]
        for test in tests:
            for read in self._rows(f"{_path(tenant, test.id)}/attempts", test.id, check):
                if not read["keyVersion"].eq(test.key_version).all():
                    raise Regraded(test.id)
                attempts.append(rows.attempts(read))
                responses.append(rows.responses(read))
            if self.test(tenant, test.id).key_version != test.key_version:
                raise Regraded(test.id)
        return Pulled(
            Cohort(
                pl.concat([rows.questions(test) for test in tests]),
                pl.concat(attempts, rechunk=True),
                pl.concat(responses, rechunk=True),
                nobody.events,
            ),
            {test.id: test.title for test in tests},
            {test.id: test.key_version for test in tests},
        )

    def events(self, tenant: str, test_ids: Sequence[str], check: Check) -> Iterator[pl.DataFrame]:
        """Yield the events of all graded attempts, part by part, in the order of their logs: attempt by attempt.

        Raises as `pull` does.
        """
        for id in test_ids:
            for read in self._rows(f"{_path(tenant, id)}/events", id, check):
                yield rows.events(read)

    def test(self, tenant: str, test_id: str) -> TestView:
        """Return a test with its paper and newest key."""
        try:
            answer = self._http.get(_path(tenant, test_id))
        except httpx.HTTPError as error:
            raise SourceUnreachable(str(error) or type(error).__name__) from error
        _check(answer, test_id)
        try:
            return TestView.model_validate_json(answer.content)
        except ValueError as error:
            raise SourceCorrupt(_path(tenant, test_id), "an answer that is no test") from error

    def put_standings(
        self, tenant: str, test_id: str, report_id: str, key_version: int, some: Sequence[Standing], last: bool
    ) -> None:
        """Write some standings back. Raises Regraded when the key has moved on since."""
        page = StandingsPage(report_id=report_id, key_version=key_version, standings=tuple(some), last=last)
        body = page.model_dump(mode="json", by_alias=True)
        try:
            answer = self._http.put(f"{_path(tenant, test_id)}/standings", json=body)
        except httpx.HTTPError as error:
            raise SourceUnreachable(str(error) or type(error).__name__) from error
        if answer.status_code == HTTPStatus.CONFLICT:
            raise Regraded(test_id)
        _check(answer, test_id)

    def _rows(self, path: str, test_id: str, check: Check) -> Iterator[pl.DataFrame]:
        """Yield a list's rows in parts; a stream that is cut goes on after its last cursor."""
        cursor: str | None = None
        cuts = 0
        while True:
            ended = False
            try:
                for part in self._parts(path, test_id, cursor):
                    check()
                    if part.rows.height:
                        yield part.rows
                    cuts, cursor, ended = 0, part.cursor, part.end
                reason = "a list was cut"
            except httpx.HTTPError as error:
                reason = str(error) or type(error).__name__
            if ended and cursor is None:
                return
            cuts += not ended
            if cuts > CUTS:
                raise SourceUnreachable(reason)

    def _parts(self, path: str, test_id: str, cursor: str | None) -> Iterator[Part]:
        params = {} if cursor is None else {"cursor": cursor}
        with self._http.stream("GET", path, params=params, headers={"Accept": ARROW}) as answer:
            if not answer.is_success:
                answer.read()
            _check(answer, test_id)
            yield from parts(path, answer.iter_bytes())


def _path(tenant: str, test_id: str) -> str:
    return f"/v1/tenants/{quote(tenant, safe='')}/tests/{quote(test_id, safe='')}"


def _check(answer: httpx.Response, test_id: str) -> None:
    if answer.is_success:
        return
    if answer.status_code == HTTPStatus.NOT_FOUND:
        raise Gone(test_id)
    if answer.status_code >= 500 or answer.status_code in LATER:
        raise SourceUnreachable(f"HTTP {answer.status_code}")
    raise SourceRefused(answer.status_code, answer.text[:DETAIL_LENGTH])
