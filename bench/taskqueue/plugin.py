"""A task of no work: what is left is what the queue itself costs."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel

from taskqueue.contract import HANDLERS, Context, Handler, Plugin

NOOP = "bench.noop"


class Nothing(BaseModel):
    """`number` tells the tasks apart."""

    number: int = 0


def plugin() -> Plugin:
    return Plugin([Handler(NOOP, Nothing, _do_nothing)])


def install(folder: Path) -> None:
    """Make the plugin one that is found by its entry point by whoever has the folder on its path."""
    installed = folder / "bench_plugin-1.dist-info"
    installed.mkdir(parents=True)
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: bench-plugin\nVersion: 1\n")
    (installed / "entry_points.txt").write_text(f"[{HANDLERS}]\nbench = {__name__}:{plugin.__name__}\n")


def _do_nothing(context: Context, payload: Nothing) -> None:
    return None
