"""Real workers over one data folder, and the records that they leave."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from store.port import Namespace, Query
from store.sqlite import SqliteStore
from taskqueue.broker import broker_at
from taskqueue.celery_app import VISIBILITY_SECONDS, make_app
from taskqueue.contract import FINAL, Plugin, TaskRequest, Weight
from taskqueue.doorbell import CeleryDoorbell
from taskqueue.handlers import handlers_of
from taskqueue.queue import TaskQueue
from taskqueue.ringing import Doorbell
from taskqueue.tables import KINDS, NAMESPACE, NODES, TASKS, Node, Task
from taskqueue.worker.liveness import healthy
from trust.clock import utc_now

TASKQUEUE = (sys.executable, "-m", "taskqueue.cli")
T = TypeVar("T")

PLUGIN = Path(__file__).with_name("plugin")
PATIENCE_SECONDS = 30.0
POLL_SECONDS = 0.02
QUICK = {
    "SWEEP_SECONDS": "0.5",
    "LEASE_SECONDS": "1.5",
    "BEAT_SECONDS": "2",
    "STOP_GRACE_SECONDS": "0.5",
    "DRAIN_SECONDS": "2",
    "MEMORY_LIMIT_MIB": "300",
    "PLUGINS": "faults",
    "LOG_FORMAT": "json",
}


class Unheard:
    """A doorbell whose rings are lost on their way."""

    def ring(self, queue: object, times: int = 1) -> None: ...

    def waiting(self, queue: object) -> int | None:
        return None


class Everybody:
    """Sees the tasks of all tenants."""

    def covers(self, tenant: str) -> bool:
        return True


@dataclass
class Worker:
    """A process `taskqueue worker` with all that it starts, which are of one process group."""

    process: subprocess.Popen[bytes]
    log: Path

    def terminate(self) -> None:
        """Ask it to stop, as whoever runs services does."""
        self.process.terminate()

    def kill_supervisor(self) -> None:
        """End the first of its processes alone."""
        self.process.kill()

    def kill(self) -> None:
        """End all its processes at once, as a machine that fails does."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def wait(self) -> int:
        return self.process.wait(PATIENCE_SECONDS)


@dataclass
class House:
    """`broker`: the address of Redis, `None` for the filesystem transport."""

    folder: Path
    broker: str | None
    plugin: Plugin
    settings: dict[str, str] = field(default_factory=dict)
    workers: list[Worker] = field(default_factory=list)
    closers: list[Callable[[], Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.store = SqliteStore(self.data_dir / "store", KINDS)

    @property
    def data_dir(self) -> Path:
        return self.folder / "data"

    @property
    def records(self) -> Namespace:
        return self.store.namespace(NAMESPACE)

    def environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("TASKQUEUE_")}
        given = {"DATA_DIR": str(self.data_dir), **QUICK, **self.settings}
        if self.broker is not None:
            given["BROKER"] = self.broker
        path = os.pathsep.join([str(PLUGIN), *filter(None, [os.environ.get("PYTHONPATH")])])
        return {
            **inherited,
            **{f"TASKQUEUE_{name}": value for name, value in given.items()},
            "PYTHONPATH": path,
            "FAULTS_FOLDER": str(self.folder),
        }

    def start(self, queues: str = "short", concurrency: int = 2) -> Worker:
        """Start a worker; tasks may be posted before it is ready."""
        log = self.folder / f"worker-{len(self.workers)}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [*TASKQUEUE, "worker", "--queues", queues, "--concurrency", str(concurrency)],
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self.workers.append(Worker(process, log))
        return self.workers[-1]

    def health(self, queue: Weight) -> int:
        """Return the exit status of the command that a probe runs."""
        command = [*TASKQUEUE, "health", "--queue", queue.value]
        done = subprocess.run(command, env=self.environment(), check=False, capture_output=True)
        assert done.returncode in (0, 1), done
        assert done.stderr == b"", done
        return done.returncode

    def doorbell(self) -> CeleryDoorbell:
        doorbell = CeleryDoorbell(make_app(broker_at(self.broker, self.data_dir, VISIBILITY_SECONDS)))
        self.closers.append(doorbell.close)
        return doorbell

    def queue(self, doorbell: Doorbell | None = None) -> TaskQueue:
        """Return the use cases; the doorbell is Celery's unless another is given."""
        ringing = doorbell if doorbell is not None else self.doorbell()
        return TaskQueue(self.records, handlers_of([self.plugin]), lambda _: True, ringing, os.urandom)

    async def post(self, queue: TaskQueue, type: str, tenant: str = "north", **request: Any) -> str:
        """Post a task of the test's plugin; return its id. `name`, `steps` and `mebibytes` are its payload."""
        payload = {each: request.pop(each) for each in ("name", "steps", "mebibytes") if each in request}
        asked = TaskRequest(type=f"faults.{type}", tenant=tenant, payload=payload, **request)
        task, _ = await queue.post(asked, utc_now())
        return task.id

    async def task(self, task_id: str) -> Task:
        found = TASKS.found(await self.records.get(TASKS.key(task_id)))
        assert found is not None
        return found

    async def over(self, task_id: str) -> Task:
        """Wait until a task is in a final state."""
        return await self.until(task_id, lambda task: task.state in FINAL)

    async def until(self, task_id: str, condition: Callable[[Task], bool]) -> Task:
        return await self._met(lambda: self.task(task_id), condition)

    async def cancel(self, queue: TaskQueue, task_id: str) -> None:
        await queue.cancel(task_id, Everybody(), utc_now())

    async def seen(self, name: str, times: int = 1) -> list[str]:
        """Wait until handlers have left so many lines in a file; return all of them."""

        async def lines() -> list[str]:
            return self.lines(name)

        return await self._met(lines, lambda found: len(found) >= times)

    async def waits(self, doorbell: CeleryDoorbell, queue: Weight, rings: int) -> None:
        """Wait until so many rings lie in the broker."""
        await self._met(lambda: asyncio.to_thread(doorbell.waiting, queue), lambda found: found == rings)

    async def becomes(self, status: int, queue: Weight) -> None:
        """Wait until the probe of a queue ends with this status."""
        beat = float(self.settings["BEAT_SECONDS"])

        async def works() -> bool:
            return await healthy(self.records, queue, socket.gethostname(), utc_now(), beat)

        # A process for each look would be one too many for a small machine.
        await self._met(works, lambda found: found is (status == 0))
        assert self.health(queue) == status

    async def nodes(self, condition: Callable[[list[Node]], bool]) -> list[Node]:
        """Wait until the records of nodes fit."""

        async def found() -> list[Node]:
            return NODES.records((await self.records.query(Query(NODES.kind.name))).entities)

        return await self._met(found, condition)

    async def _met(self, look: Callable[[], Awaitable[T]], condition: Callable[[T], bool]) -> T:
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        while not condition(found := await look()):
            assert time.monotonic() < give_up_at, f"{found!r}\n{self.told()}"
            await asyncio.sleep(POLL_SECONDS)
        return found

    def lines(self, name: str) -> list[str]:
        path = self.folder / name
        return path.read_text().splitlines() if path.exists() else []

    def go(self, name: str) -> None:
        """Release a handler that waits."""
        (self.folder / f"{name}.go").touch()

    def told(self) -> str:
        return "\n".join(worker.log.read_text()[-5_000:] for worker in self.workers)

    async def close(self) -> None:
        for worker in self.workers:
            worker.kill()
        for close in self.closers:
            close()
        await self.store.close()
