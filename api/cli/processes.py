"""Several processes run as one: started in order, each awaited until it serves, stopped together.

Every line that a process prints is shown behind its name. Ctrl-C, SIGTERM and a closed terminal stop all of them,
the last started first; so does the end of any.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import httpx
from rich.console import Console
from rich.text import Text

from api.cli.failure import Failure

COLOURS = ("cyan", "magenta", "green", "yellow", "blue")
POLL_SECONDS = 0.1
READY_SECONDS = 60.0
STOP_SECONDS = 30.0
LINE_BYTES = 1024 * 1024


def python_module(module: str, *arguments: str) -> tuple[str, ...]:
    """Return how a module is run by this very Python."""
    return (sys.executable, "-m", module, *arguments)


OURS = python_module("api.cli")
"""How the command `tp` is started as a process of its own."""


@dataclass(frozen=True, slots=True)
class Program:
    """What to run. `ready_at`: the address that answers 200 once it serves; `None`: it is ready at once."""

    name: str
    command: Sequence[str]
    ready_at: str | None = None
    environment: Mapping[str, str] = field(default_factory=dict)


class Together:
    """Runs programs until one ends or a signal comes."""

    def __init__(self, programs: Sequence[Program], console: Console) -> None:
        self._programs = programs
        self._console = console
        self._width = max(len(program.name) for program in programs)
        self._running: list[tuple[Program, Process]] = []
        self._readers: list[asyncio.Task[None]] = []
        self._stop = asyncio.Event()

    async def run(self, when_ready: Callable[[], None]) -> None:
        """Start all, call `when_ready`, and wait. Raises Failure when a program ends by itself."""
        _on_signals(self._stop.set)
        try:
            for place, program in enumerate(self._programs):
                await self._start(program, COLOURS[place % len(COLOURS)])
                if self._stop.is_set():
                    return
            when_ready()
            await self._until_the_first_ends()
        finally:
            await self._stop_all()

    async def _start(self, program: Program, colour: str) -> None:
        process = await asyncio.create_subprocess_exec(
            *program.command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=PIPE,
            stderr=STDOUT,
            limit=LINE_BYTES,
            env={**os.environ, **program.environment},
            start_new_session=True,  # a Ctrl-C reaches this process alone, which stops the others in order
        )
        self._running.append((program, process))
        self._readers.append(asyncio.create_task(self._show(program.name, colour, process)))
        if program.ready_at is not None:
            await self._until_ready(program, process, program.ready_at)

    async def _until_ready(self, program: Program, process: Process, address: str) -> None:
        async with httpx.AsyncClient(trust_env=False) as client:
            try:
                async with asyncio.timeout(READY_SECONDS):
                    while not self._stop.is_set():
                        if process.returncode is not None:
                            told = f"{program.name} ended with status {process.returncode} before it served"
                            raise Failure(told)
                        with suppress(httpx.TransportError):
                            if (await client.get(address)).status_code == 200:
                                return
                        await asyncio.sleep(POLL_SECONDS)
            except TimeoutError:
                raise Failure(f"{program.name} did not serve within {READY_SECONDS:g} seconds") from None

    async def _show(self, name: str, colour: str, process: Process) -> None:
        assert process.stdout is not None
        async for line in process.stdout:
            text = line.decode(errors="replace").rstrip()
            prefix = Text(f"{name:{self._width}} │ ", style=colour)
            self._console.print(prefix.append_text(Text(text, style="default")), soft_wrap=True)

    async def _until_the_first_ends(self) -> None:
        stop = asyncio.create_task(self._stop.wait())
        ends = {asyncio.create_task(process.wait()): program for program, process in self._running}
        done, waiting = await asyncio.wait([stop, *ends], return_when=asyncio.FIRST_COMPLETED)
        for task in waiting:
            task.cancel()
        if stop not in done:
            ended = next(ends[task] for task in done)
            raise Failure(f"{ended.name} ended by itself; the rest was stopped")

    async def _stop_all(self) -> None:
        for _, process in reversed(self._running):
            if process.returncode is None:
                process.terminate()
                try:
                    async with asyncio.timeout(STOP_SECONDS):
                        await process.wait()
                except TimeoutError:
                    with suppress(ProcessLookupError):
                        os.killpg(process.pid, signal.SIGKILL)
                    await process.wait()
        await asyncio.gather(*self._readers)


def _on_signals(stop: Callable[[], None]) -> None:
    loop = asyncio.get_running_loop()
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            with suppress(NotImplementedError):  # Windows: a Ctrl-C ends the loop by itself
                loop.add_signal_handler(getattr(signal, name), stop)
