"""Logging: structlog for everything, uvicorn's and libraries' records included, on standard error."""

from __future__ import annotations

import logging
import sys
from contextlib import suppress
from enum import StrEnum
from typing import Any

import orjson
import structlog
from structlog.typing import Processor

QUIET = ("uvicorn.access", "httpx", "httpcore", "asyncio")
"""Loggers heard from `warning` on: the access line is written by `RequestLog`, once."""


class LogFormat(StrEnum):
    CONSOLE = "console"
    JSON = "json"


class _Lines:
    """Writes rendered events as lines: what structlog calls a logger, without the standard library's way there."""

    def __init__(self, name: str) -> None:
        self.name = name

    def msg(self, line: str) -> None:
        # As in the standard library: what is being done does not fail because it cannot be told.
        with suppress(OSError, ValueError):
            sys.stderr.write(line + "\n")
            sys.stderr.flush()

    debug = info = warning = error = critical = msg


def configure_logging(log_format: LogFormat, level: str) -> None:
    """Send structlog's events straight to standard error, and the standard library's loggers there in like form.

    Call once a process.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, *_renderers(log_format)],
        logger_factory=lambda name="": _Lines(name),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder()],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _drop_colour_message,
                *_renderers(log_format),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in ("uvicorn", "uvicorn.error", "uvicorn.asgi"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def _renderers(log_format: LogFormat) -> list[Processor]:
    if log_format is LogFormat.CONSOLE:
        return [
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
            )
        ]
    # Local variables hold tokens and answers: a traceback never shows them.
    tracebacks = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
    return [structlog.processors.ExceptionRenderer(tracebacks), structlog.processors.JSONRenderer(_json)]


def _json(event: structlog.typing.EventDict, **options: Any) -> str:
    return orjson.dumps(event, options["default"], orjson.OPT_NON_STR_KEYS).decode(errors="replace")


def _drop_colour_message(_: object, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    event.pop("color_message", None)
    return event
