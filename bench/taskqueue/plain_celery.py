"""The same work of no work by Celery and Redis alone, in Celery's own settings; acknowledged when it is done."""

from __future__ import annotations

from celery import Celery

NOOP = "bench.plain_noop"
QUEUE = "celery"
UNACKNOWLEDGED = "unacked"
"""Where Celery keeps, in Redis, what a worker has taken and not finished."""

app = Celery("plain")
app.conf.update(task_acks_late=True, task_ignore_result=True, worker_enable_remote_control=False)


@app.task(name=NOOP)  # type: ignore[untyped-decorator]
def _do_nothing(number: int) -> None:
    return None
