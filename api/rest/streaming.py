"""Lists on the wire: read and sent part by part, as fast as the client takes them, compressed if it likes."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final

import zstandard
from fastapi import Request
from starlette.responses import Response, StreamingResponse

from api.rest import arrow, json_lines
from api.rest.media import ARROW, GZIP, JSON, ZSTD, encoding_of, format_of
from tp.services.serving.attempts import AttemptList

LEVEL: Final = 1
"""Of both: the logs of an exam shrink to a tenth by it already, and no exam waits long for the processor."""
_GZIP: Final = 16 + zlib.MAX_WBITS

Read = Callable[[int | None], Awaitable[AttemptList]]
"""Begin to read a list of so many rows, of all for `None`."""


async def answer_list(
    request: Request, columns: arrow.Types, read: Read, limit: int | None, json_limit: int
) -> Response:
    """Return a list in the format that the client takes; what is wrong is raised before the answer begins."""
    format = format_of(request.headers.getlist("accept"))
    headers = {"Cache-Control": "no-store", "Vary": "Accept, Accept-Encoding"}
    if format == JSON:
        found = await read(min(limit or json_limit, json_limit))
        body = _once(await json_lines.JsonLines(found.as_of).page(found.parts))
    else:
        found = await read(limit)
        if format == ARROW:
            body = await _begun(arrow.chunks(found.parts, columns, found.as_of), 2)
        else:
            body = await _begun(json_lines.chunks(found.parts, found.as_of), 1)
    encoding = encoding_of(request.headers.getlist("accept-encoding"))
    if encoding is not None:
        headers["Content-Encoding"] = encoding
        body = _COMPRESSED[encoding](body)
    return StreamingResponse(body, 200, headers, format)


async def _begun(chunks: AsyncIterator[bytes], count: int) -> AsyncIterator[bytes]:
    """Return the chunks after so many were made, so that what fails at once is answered as a problem."""
    first = [await anext(chunks) for _ in range(count)]

    async def all_of_them() -> AsyncIterator[bytes]:
        for chunk in first:
            yield chunk
        first.clear()
        async for chunk in chunks:
            yield chunk

    return all_of_them()


async def _once(body: bytes) -> AsyncIterator[bytes]:
    yield body


async def _gzipped(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Compress each chunk so that it can be read at once: what came before a cut is not lost."""
    gzip = zlib.compressobj(LEVEL, zlib.DEFLATED, _GZIP)
    async for chunk in chunks:
        yield gzip.compress(chunk) + gzip.flush(zlib.Z_SYNC_FLUSH)
    yield gzip.flush()


async def _zstandard(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Compress as `_gzipped` does, in less time and to less."""
    zstd = zstandard.ZstdCompressor(level=LEVEL).compressobj()
    async for chunk in chunks:
        yield zstd.compress(chunk) + zstd.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)
    yield zstd.flush()


_COMPRESSED: Final = {GZIP: _gzipped, ZSTD: _zstandard}
