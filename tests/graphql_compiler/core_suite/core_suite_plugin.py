"""A pytest plugin that gives graphql-core's own tests the drop-ins, and counts what they run.

Loaded before those tests import anything. It writes a report to the file named by CORE_SUITE_REPORT: how many
tests `passed` or were `skipped`, the ids of those `failed`, how many operations were `executed`, and how many of
them `handed_over` by reason.
"""

from __future__ import annotations

import functools
import json
import os
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import graphql_compiler

DROP_INS = ("execute", "execute_sync", "subscribe")
MODULES = ("graphql", "graphql.execution", "graphql.graphql")
"""Where tests, `graphql` and `graphql_sync` find them. Modules that define them stay: drop-ins hand over."""

_outcomes: Counter[str] = Counter()
_failed: list[str] = []


def pytest_configure(config: pytest.Config) -> None:
    for name in MODULES:
        module: Any = sys.modules[name]
        for function in DROP_INS:
            if hasattr(module, function):
                setattr(module, function, _counted(getattr(graphql_compiler, function)))


def _counted(drop_in: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(drop_in)
    def counted(*args: Any, **kwargs: Any) -> Any:
        _outcomes["executed"] += 1
        return drop_in(*args, **kwargs)

    return counted


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when == "call" or report.outcome != "passed":
        _outcomes[report.outcome] += 1
    if report.failed:
        _failed.append(report.nodeid)


def pytest_sessionfinish() -> None:
    handed_over = {reason: graphql_compiler.handed_over.of(reason) for reason in graphql_compiler.Reason}
    report = {**_outcomes, "failed": _failed, "handed_over": handed_over}
    Path(os.environ["CORE_SUITE_REPORT"]).write_text(json.dumps(report))
