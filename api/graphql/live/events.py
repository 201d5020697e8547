"""Answers as server-sent events: the distinct connections mode of the graphql-sse protocol.

One request is one operation, and its answers are events `next`, at the end one `complete`. Source:
https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md. The single connection mode is not offered: it
keeps an operation's stream in one process and takes its requests in any.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing

from starlette.responses import StreamingResponse

from api.auth import Call
from api.graphql.live.admission import LOOK_SECONDS, Streams
from api.graphql.media import EVENTS

KEPT_ALIVE_SECONDS = 12.0
"""After so long without an event a comment is sent, so that nothing in between takes the connection for dead."""
COMPLETE = b"event: complete\ndata: \n\n"
COMMENT = b":\n\n"
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no", "Vary": "Accept"}


def event_stream(streams: Streams, call: Call, answers: AsyncGenerator[bytes]) -> StreamingResponse:
    """Answer with the events of a subscription. Raises Refusal when the caller may open no more streams."""
    streams.admit(call)

    async def body() -> AsyncGenerator[bytes]:
        silent = 0.0
        with streams.one(call):
            async with aclosing(streams.guarded(call, answers)) as guarded:
                async for answer in guarded:
                    silent = silent + LOOK_SECONDS if answer is None else 0.0
                    if answer is not None:
                        yield next_event(answer)
                    elif silent >= KEPT_ALIVE_SECONDS:
                        silent = 0.0
                        yield COMMENT
        yield COMPLETE

    return StreamingResponse(body(), media_type=EVENTS, headers=HEADERS)


def single_answer(answer: bytes) -> StreamingResponse:
    """Answer a query or a mutation by events."""

    async def body() -> AsyncGenerator[bytes]:
        yield next_event(answer) + COMPLETE

    return StreamingResponse(body(), media_type=EVENTS, headers=HEADERS)


def next_event(answer: bytes) -> bytes:
    """Return one answer, JSON without line breaks, as an event."""
    return b"event: next\ndata: " + answer + b"\n\n"
