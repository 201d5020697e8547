"""HTTP to the server at a third of the usual cost, so that the students are not what is measured."""

from __future__ import annotations

import asyncio

import httpx


class Wire(httpx.AsyncBaseTransport):
    """One connection, which is kept; takes requests one after the other, and answers that tell their length."""

    def __init__(self) -> None:
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self._streams is None or self._streams[0].at_eof():
            await self.aclose()
            self._streams = await asyncio.open_connection(request.url.host, request.url.port)
        reader, writer = self._streams
        writer.write(_head(request) + await request.aread())
        first, *rest = (await reader.readuntil(b"\r\n\r\n")).rstrip(b"\r\n").split(b"\r\n")
        headers = httpx.Headers([_field(line) for line in rest])
        content = await reader.readexactly(int(headers["content-length"]))
        return httpx.Response(int(first.split()[1]), headers=headers, content=content)

    async def aclose(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


def _head(request: httpx.Request) -> bytes:
    fields = b"".join(b"%s: %s\r\n" % field for field in request.headers.raw)
    return b"%s %s HTTP/1.1\r\n%s\r\n" % (request.method.encode(), request.url.raw_path, fields)


def _field(line: bytes) -> tuple[bytes, bytes]:
    name, _, value = line.partition(b":")
    return name, value.strip()
