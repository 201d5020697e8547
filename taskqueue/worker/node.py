"""A node: Celery's worker on one queue, with a pool of its own. The supervisor starts it as a process."""

from __future__ import annotations

import gc
import logging
import signal
import sys
import warnings
from typing import Any

from celery import signals
from celery.exceptions import CPendingDeprecationWarning, SecurityWarning

from asgi.logs import configure_logging
from taskqueue.celery_app import direct_queue, make_app, ring_queue
from taskqueue.contract import Weight
from taskqueue.settings import Settings
from taskqueue.worker.child import Child
from taskqueue.worker.lines import Speaking, listen
from taskqueue.worker.opening import Opening
from taskqueue.worker.pool import ResizablePool
from taskqueue.worker.rings import register
from taskqueue.worker.stopping import Stopping
from trust.clock import utc_now

KIBI = 1024
QUIET = {
    "celery.worker.strategy": logging.WARNING,
    "celery.app.trace": logging.WARNING,
    # That a process is gone is told by the supervisor.
    "celery.worker.request": logging.CRITICAL,
}


def run(name: str, queue: Weight, processes: int, opening: Opening) -> int:
    """Work until a signal comes or the supervisor goes; return the exit status."""
    speaking, stopping, pool = Speaking(), Stopping(), ResizablePool(processes)
    child = Child(name, queue, opening.child, opening.limits, stopping, utc_now)
    app = make_app(opening.broker)
    app.conf.task_queues = [ring_queue(queue), direct_queue(name)]
    if opening.limits.memory_bytes is not None:
        # What a task leaves behind is no debt of the next one.
        app.conf.worker_max_memory_per_child = opening.limits.memory_bytes // 2 // KIBI
    register(app, child, speaking.lost)

    def stop(**_: Any) -> None:
        stopping.ask()

    def ready(sender: Any, **_: Any) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C is the supervisor's
        pool.began(sender)
        speaking.ready()

    def leave(**_: Any) -> None:
        child.close()

    signals.setup_logging.connect(_keep_logging, weak=False)
    signals.worker_shutting_down.connect(stop, weak=False)
    signals.worker_ready.connect(ready, weak=False)
    signals.worker_process_shutdown.connect(leave, weak=False)
    # Celery's warning of root is for pickle's sake, and JSON alone is accepted.
    warnings.simplefilter("ignore", SecurityWarning)
    warnings.simplefilter("ignore", CPendingDeprecationWarning)
    worker = app.Worker(
        hostname=name,
        concurrency=processes,
        pool="prefork",
        loglevel=logging.getLogger().getEffectiveLevel(),
        quiet=True,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    )
    listen(pool.want)
    _keep_for_good()
    worker.start()
    return int(worker.exitcode or 0)


def _keep_for_good() -> None:
    """Seek no garbage in what is here before the fork: modules and plugins stay as long as the process does.

    Handlers that make many objects have it sought often, and each time all of that would be gone through.
    """
    gc.collect()
    gc.freeze()


def _keep_logging(**_: Any) -> None:
    """Leave logging as it is: that somebody is connected keeps Celery from setting it up."""
    for name, level in QUIET.items():
        logging.getLogger(name).setLevel(level)


def main(arguments: list[str]) -> int:
    """Run the node that the arguments name: its name, its queue, its number of processes."""
    name, queue, processes = arguments
    settings = Settings()
    configure_logging(settings.log_format_used, settings.log_level)
    return run(name, Weight(queue), int(processes), Opening.by(settings))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
