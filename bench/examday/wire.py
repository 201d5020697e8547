"""HTTP/1.1 on one connection, with as little work as can be: the load shares the cores with what it measures.

A bare protocol of asyncio. A student waits most of the day, and a waiting task costs nothing; locust's
FastHttpUser would parse every header of every answer, and need a greenlet a student.
"""

from __future__ import annotations

import asyncio
import re
from typing import cast

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_RETRY_AFTER = re.compile(rb"retry-after: *(\d+)", re.IGNORECASE)


class Lost(Exception):
    """The connection ended before the answer."""


class Wire(asyncio.Protocol):
    """One connection, which takes one request at a time. `retry_after`: seconds, as the last answer asked for."""

    def __init__(self) -> None:
        self.retry_after = 0
        self._transport: asyncio.Transport | None = None
        self._received = bytearray()
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None

    @property
    def open(self) -> bool:
        return self._transport is not None and not self._transport.is_closing()

    async def request(self, head: bytes, body: bytes) -> tuple[int, bytes]:
        """Send a request whose head lacks its length alone; return status and content. Raises Lost."""
        self.send(head, body)
        assert self._answer is not None
        return await self._answer

    def send(self, head: bytes, body: bytes) -> None:
        """Send a request and wait for nothing. Raises Lost."""
        if not self.open:
            raise Lost
        assert self._transport is not None
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(b"%scontent-length: %d\r\n\r\n%s" % (head, len(body), body))

    def cut(self) -> None:
        """Drop the connection without a farewell, as a network does."""
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._received += data
        end = self._received.find(b"\r\n\r\n")
        if end < 0 or self._answer is None:
            return
        told = _LENGTH.search(self._received, 0, end)
        if told is None:
            self.cut()
            return
        length = end + 4 + int(told[1])
        if len(self._received) >= length and not self._answer.done():
            asked = _RETRY_AFTER.search(self._received, 0, end)
            self.retry_after = int(asked[1]) if asked else 0
            self._answer.set_result((int(self._received[9:12]), bytes(self._received[end + 4 : length])))
            self._received.clear()

    def connection_lost(self, _: Exception | None) -> None:
        self._transport = None
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(Lost())
            self._answer.exception()  # nobody may be waiting: a cut connection is no defect
