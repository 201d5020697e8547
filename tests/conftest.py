"""Fixtures for all tests, the order in which they run, and what of them is not measured."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import structlog
from hypothesis import settings

pytest_plugins = ("emulators",)

# No generated case fails for being slow: the machine may have much else to do.
settings.register_profile("default", deadline=None)
settings.load_profile("default")
pytest.register_assert_rewrite("redis_server")

HERE = Path(__file__).parent
LONG = frozenset({"e2e", "faults", "graphql_compiler", "web"})
"""Folders whose tests take seconds each: they go first, lest one of them ends a parallel run alone."""

UNMEASURED = ("graphql_compiler", "unit/graphql_compiler")
"""Folders that use nothing of which the coverage is reported, and that measuring would make twice as slow."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.relative_to(HERE).parts[0] not in LONG)
    for item in items:
        if item.path.relative_to(HERE).parent.as_posix() in UNMEASURED:
            item.add_marker(pytest.mark.no_cover)


def pytest_xdist_auto_num_workers() -> int:
    """Return one more than there are cores: tests of workers and servers wait more than they work."""
    return (os.cpu_count() or 1) + 1


def pytest_configure() -> None:
    """Log tracebacks as a server does: structlog's own show every local variable, which takes seconds."""
    plain = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[*structlog.get_config()["processors"][:-1], plain])
