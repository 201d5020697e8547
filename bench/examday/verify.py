"""After the day: every acknowledged batch is read back event by event, and every mark is compared."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson

from api.rest.media import NDJSON
from bench.examday.answers import Question, batch, total
from bench.examday.crowds import Sat


@dataclass(slots=True)
class Verified:
    """`lost` names acknowledged batches that are not there, or not as they were sent."""

    batches: int = 0
    events: int = 0
    marks: int = 0
    lost: list[str] = field(default_factory=list)
    wrong_marks: list[str] = field(default_factory=list)
    ungraded: list[str] = field(default_factory=list)


async def verify(
    http: httpx.AsyncClient, test: str, questions: Sequence[Question], sat: Sequence[Sat]
) -> Verified:
    """Compare what services read of the test at `test`, its address, with what the students know."""
    found = Verified()
    by_attempt = {each.attempt_id: each for each in sat if each.attempt_id}
    kept = await _kept_batches(http, test)
    for each in by_attempt.values():
        for seq in range(1, each.acked + 1):
            sent = [_as_row(event) for event in batch(questions, each.number, seq)]
            found.batches += 1
            found.events += len(sent)
            if kept.get((each.attempt_id, seq)) != _fingerprint(sent):
                found.lost.append(f"{each.attempt_id} batch {seq}")
    graded: dict[str, str | None] = {}
    async for row in _rows(http, f"{test}/attempts"):
        graded[row["attempt"]] = row["total"]
    for id, each in by_attempt.items():
        if not each.submitted:
            continue
        found.marks += 1
        if graded.get(id) is None:
            found.ungraded.append(id)
        elif graded[id] != str(total(questions, each.number, each.acked)):
            found.wrong_marks.append(f"{id}: {graded[id]} instead of {total(questions, each.number, each.acked)}")
    return found


async def _kept_batches(http: httpx.AsyncClient, test: str) -> dict[tuple[str, int], bytes]:
    """Return a fingerprint of every batch of the closed attempts, whether they are graded yet or not."""
    rows: Mapping[tuple[str, int], list[Any]] = defaultdict(list)
    for state in ("GRADED", "SUBMITTED", "IN_PROGRESS"):
        async for row in _rows(http, f"{test}/events?state={state}"):
            said = [row["place"], row["type"], row["at"], row["question"], row["response"]]
            rows[row["attempt"], row["seq"]].append(said)
    return {place: _fingerprint([row[1:] for row in sorted(events)]) for place, events in rows.items()}


async def _rows(http: httpx.AsyncClient, address: str) -> AsyncIterator[dict[str, Any]]:
    """Yield the rows of a list; its own checksum and count are checked. Raises AssertionError when they differ."""
    checksum, count, end = hashlib.sha256(), 0, None
    async with http.stream("GET", address, headers={"Accept": NDJSON}) as answered:
        answered.raise_for_status()
        async for line in answered.aiter_lines():
            row = orjson.loads(line)
            if "@end" in row:
                end = row["@end"]
            elif "@cursor" not in row:
                checksum.update(f"{line}\n".encode())
                count += 1
                yield row
    assert end is not None, "the list was cut"
    assert (end["rows"], end["sha256"]) == (count, checksum.hexdigest()), "the list is not what its end tells"


def _as_row(event: Mapping[str, Any]) -> list[Any]:
    response = event.get("response")
    said = None if response is None else response.get("text") or "|".join(response["optionIds"])
    return [event["type"], event["at"], event["questionId"], said]


def _fingerprint(events: Sequence[Any]) -> bytes:
    return hashlib.sha256(orjson.dumps(events)).digest()
