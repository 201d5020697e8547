"""Handlers that behave badly, and some that behave. What they do is seen in the folder `FAULTS_FOLDER`."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import BaseModel, JsonValue

from taskqueue.contract import Context, GiveUp, Handler, Plugin, Weight

POLL_SECONDS = 0.01
MEBI = 2**20


class Payload(BaseModel):
    """`name`: of the files that the handler writes."""

    name: str = "nameless"
    steps: int = 0
    mebibytes: int = 0


def folder() -> Path:
    return Path(os.environ["FAULTS_FOLDER"])


def seen(context: Context, payload: Payload) -> None:
    """Leave a line for this attempt; one write to a file that is open for appending is not torn."""
    with (folder() / f"{payload.name}.attempts").open("a") as file:
        file.write(f"{context.task_id} {context.attempt} {os.getppid()} {os.getpid()}\n")


def wait_for(name: str, context: Context | None) -> None:
    while not (folder() / name).exists():
        if context is not None:
            context.check()
        time.sleep(POLL_SECONDS)


def note(context: Context, payload: Payload) -> JsonValue:
    """Have an effect once, however often it runs."""
    seen(context, payload)
    (folder() / f"{context.task_id}.effect").touch()
    return {"noted": payload.name}


def hold(context: Context, payload: Payload) -> JsonValue:
    """Wait to be released, asking whether to stop."""
    seen(context, payload)
    wait_for(f"{payload.name}.go", context)
    return payload.name


def hold_deaf(context: Context, payload: Payload) -> JsonValue:
    """Wait to be released, without a word to the context."""
    seen(context, payload)
    wait_for(f"{payload.name}.go", None)
    return payload.name


def sleep(context: Context, payload: Payload) -> JsonValue:
    seen(context, payload)
    time.sleep(3600)
    return None


def swallow(context: Context, payload: Payload) -> JsonValue:
    """Never end, whatever is raised."""
    seen(context, payload)
    while True:
        try:
            time.sleep(POLL_SECONDS)
        except BaseException:
            continue


def grip(context: Context, payload: Payload) -> JsonValue:
    """Hold the interpreter, so that no other thread of the process runs: this match takes years."""
    seen(context, payload)
    return re.match(r"(a+)+$", "a" * 60 + "b") is None


def leave(context: Context, payload: Payload) -> JsonValue:
    seen(context, payload)
    sys.exit(3)


def vanish(context: Context, payload: Payload) -> JsonValue:
    seen(context, payload)
    os._exit(1)


def fall(context: Context, payload: Payload) -> JsonValue:
    seen(context, payload)
    raise RuntimeError("it fell")


def refuse(context: Context, payload: Payload) -> JsonValue:
    seen(context, payload)
    raise GiveUp("no use in trying")


def eat(context: Context, payload: Payload) -> JsonValue:
    """Take more and more memory."""
    seen(context, payload)
    eaten = []
    for _ in range(payload.mebibytes):
        eaten.append(b"x" * MEBI)
        time.sleep(0.001)
    return len(eaten)


def answer_badly(context: Context, payload: Payload) -> JsonValue:
    seen(context, payload)
    return {"set": {1, 2}}  # type: ignore[dict-item]


def answer_at_length(context: Context, payload: Payload) -> JsonValue:
    seen(context, payload)
    return "x" * MEBI


def walk(context: Context, payload: Payload) -> JsonValue:
    """Go on from the last checkpoint; wait at the half for `.go`."""
    seen(context, payload)
    begun = context.checkpoint
    first = begun if isinstance(begun, int) else 0
    for step in range(first, payload.steps):
        if step == payload.steps // 2:
            wait_for(f"{payload.name}.go", context)
        with (folder() / f"{payload.name}.steps").open("a") as file:
            file.write(f"{step}\n")
        context.progress(step + 1, payload.steps)
        context.save(step + 1)
    return payload.steps


@contextmanager
def opened() -> Iterator[None]:
    """Leave a line when a process opens the plugin, and one when it leaves it."""
    with (folder() / "opened").open("a") as file:
        file.write(f"{os.getpid()}\n")
    yield
    with (folder() / "left").open("a") as file:
        file.write(f"{os.getpid()}\n")


SHORT = (
    note,
    hold,
    hold_deaf,
    sleep,
    swallow,
    grip,
    leave,
    vanish,
    fall,
    refuse,
    eat,
    answer_badly,
    answer_at_length,
)
HEAVY = (walk,)


def plugin() -> Plugin:
    short = [Handler(f"faults.{run.__name__}", Payload, run) for run in SHORT]
    heavy = [Handler(f"faults.{run.__name__}", Payload, run, weight=Weight.HEAVY) for run in HEAVY]
    return Plugin([*short, *heavy], opened)
