"""Lists are read and sent part by part: what the server holds does not grow with the test."""

from __future__ import annotations

import gc
import tracemalloc
from pathlib import Path
from typing import Any

from full_logs import write_attempts
from school import Exam
from serving import asker
from starlette.types import Message

from api.rest.media import ARROW, NDJSON
from api.settings import Settings

MIB = 1024 * 1024
ATTEMPTS, BATCHES = 2_000, 4
PEAK = 6 * MIB


async def streamed(exam: Exam, token: str, name: str, accept: str) -> int:
    """Read a list as a slow client does, and keep nothing; return how many bytes came."""
    received = 0

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        nonlocal received
        received += len(message.get("body", b""))

    path = f"/v1/tenants/oakwood/tests/{exam.test_id}/{name}"
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(b"authorization", f"Bearer {token}".encode()), (b"accept", accept.encode())],
        "client": ("127.0.0.1", 1),
        "server": ("localhost", 80),
    }
    await exam.school.app(scope, receive, send)
    return received


async def test_the_logs_of_two_thousand_attempts_pass_through_a_few_megabytes(exam: Exam, tmp_path: Path) -> None:
    school = exam.school
    store = school.services.store.namespace(school.tenant.namespace)
    questions = [question["id"] for question in exam.questions] * 3
    await write_attempts(store, exam.test_id, questions, ATTEMPTS, BATCHES, school.clock())
    token = asker(school, Settings(data_dir=tmp_path)).token
    assert token is not None

    for accept in (NDJSON, ARROW):
        await streamed(exam, token, "attempts", accept)
        gc.collect()
        tracemalloc.start()
        try:
            received = await streamed(exam, token, "events", accept)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert received > 2 * PEAK
        assert peak < PEAK
