"""What was lost between the record and the ring, and several who make it good."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

from worker_house import House, Unheard

from taskqueue.contract import TaskState

DYING = """
import asyncio, os, signal, sys

sys.path[:0] = sys.argv[2:]
import fault_handlers
from pathlib import Path
from worker_house import House

class Dying:
    def ring(self, queue, times=1):
        os.kill(os.getpid(), signal.SIGKILL)

async def main():
    house = House(Path(sys.argv[1]), None, fault_handlers.plugin())
    await house.post(house.queue(Dying()), "note", name="unrung", idempotency_key="unrung")

asyncio.run(main())
"""
"""Keeps a task, and is killed as it goes on to ring."""


async def test_a_task_whose_ring_was_never_sent_is_done_after_a_sweep(house: House) -> None:
    here = Path(__file__).parent
    killed = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", DYING, str(house.folder), str(here), str(here / "plugin")],
        env=house.environment(),
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    again = await house.post(house.queue(Unheard()), "note", name="unrung", idempotency_key="unrung")
    assert (await house.task(again)).state is TaskState.QUEUED

    house.start(concurrency=1)

    task = await house.over(again)
    assert (task.state, task.attempts) == (TaskState.SUCCEEDED, 1)
    assert len(house.lines("unrung.attempts")) == 1


async def test_two_sweepers_do_nothing_twice_and_one_goes_on_when_the_leader_is_killed(house: House) -> None:
    workers = [house.start(concurrency=1), house.start(concurrency=1)]
    queue = house.queue(Unheard())
    posted = [await house.post(queue, "note", name="swept") for _ in range(20)]

    for task_id in posted:
        task = await house.over(task_id)
        assert (task.state, task.attempts) == (TaskState.SUCCEEDED, 1)
    assert len(house.lines("swept.attempts")) == len(posted)
    workers[0].kill()

    task = await house.over(await house.post(queue, "note", name="later"))

    assert (task.state, task.attempts) == (TaskState.SUCCEEDED, 1)
