"""The server is asked to stop: what is under way is answered, nothing is left, and it can be started again."""

from __future__ import annotations

import asyncio
import json
import signal

import httpx
import pytest
from cohort import Sitter, examined_school, over
from deployment import Deploy, Deployment
from school import SAVE, SITTING

UVICORNS_STATUS = (0, -signal.SIGTERM)
"""One process of uvicorn ends by the signal that it has obeyed."""


class Torn:
    """A request of which the server has the head and waits for the body."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, body: bytes) -> None:
        self._reader = reader
        self._writer = writer
        self._body = body

    @classmethod
    async def send(cls, deployment: Deployment, sitter: Sitter, seq: int) -> Torn:
        batch = {"attemptId": sitter.attempt_id, "seq": seq, "events": sitter.batch(seq)}
        body = json.dumps({"query": SAVE, "variables": {"input": batch}}).encode()
        url = httpx.URL(deployment.url)
        assert url.port is not None
        reader, writer = await asyncio.open_connection(url.host, url.port)
        head = (
            "POST /graphql HTTP/1.1",
            f"Host: {url.host}",
            f"Authorization: Bearer {sitter.person.token}",
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
            "Expect: 100-continue",
            "\r\n",
        )
        writer.write("\r\n".join(head).encode())
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 100 ")
        return cls(reader, writer, body)

    async def finish(self) -> dict[str, object]:
        """Send the body; return the payload of the answer."""
        self._writer.write(self._body)
        answered = await self._reader.read()  # the server closes the connection
        self._writer.close()
        payload: dict[str, object] = json.loads(answered.partition(b"\r\n\r\n")[2])["data"]["saveResponses"]
        return payload


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("how", ["by its supervisor", "from a terminal"])
async def test_a_server_that_is_stopped_answers_what_is_under_way_and_leaves_nothing_running(
    deploy: Deploy, http: httpx.AsyncClient, workers: int, how: str
) -> None:
    deployment = deploy(workers)
    exam, [person] = await examined_school(deployment.data_dir, 1)
    deployment.start(http)
    sitter = Sitter(over(http, person), exam, marks=0)
    await sitter.start()
    await sitter.save(1)
    torn = await Torn.send(deployment, sitter, 2)

    if how == "by its supervisor":
        deployment.send(signal.SIGTERM)
    else:
        deployment.send_to_all(signal.SIGINT)
    await deployment.until_logged("Shutting down", workers)
    answered = await torn.finish()

    assert answered["userErrors"] == []
    assert deployment.wait() in UVICORNS_STATUS
    assert deployment.defects() == []
    deployment.workers = 1
    deployment.start(http)
    assert (await sitter.person.ask(SITTING, id=sitter.attempt_id))["ackedSeq"] == 2
