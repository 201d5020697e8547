"""The Celery application: one kind of ring for each queue, and settings under which no ring can do harm.

A ring names no task. Whoever hears it looks into the store, so a ring too many finds nothing and ends.
"""

from __future__ import annotations

from typing import Any, Final

from celery import Celery
from celery.app.amqp import AMQP
from kombu import Connection, Exchange, Queue

from taskqueue.broker import Broker
from taskqueue.contract import Weight

RING: Final = "taskqueue.ring"
"""Runs one task of the queue that is its argument."""
PROVE: Final = "taskqueue.prove"
"""The heartbeat of a node: that it ends tells that the node hears, and works."""

HARD_LIMIT_SECONDS: Final = 8 * 24 * 60 * 60
"""Over the longest timeout of a task: the watch beside a handler ends it long before."""
VISIBILITY_SECONDS: Final = HARD_LIMIT_SECONDS + 24 * 60 * 60
PROCESS_START_SECONDS: Final = 60.0
LOST_SECONDS: Final = 0.5
"""How long the end of a ring is waited for when its process is gone: how it ended is in the record."""
DIRECT_QUEUE_EXPIRES_SECONDS: Final = 60 * 60

_NO_EXCHANGE: Final = Exchange("")
"""By it a message goes to the queue of its routing key, without a look at bindings."""


class Steady(Connection):  # type: ignore[misc]
    """A connection that is tried again every second or two; Celery's own come to wait for half a minute."""

    def ensure_connection(self, *args: Any, **kwargs: Any) -> Any:
        intervals = {"interval_start": 1, "interval_step": 0, "interval_max": 1}
        return super().ensure_connection(*args, **{**kwargs, **intervals})


class Amqp(AMQP):  # type: ignore[misc]
    """Celery's messaging, over such connections."""

    Connection = Steady


def ring_queue(weight: Weight) -> Queue:
    """Return the queue on which rings for a weight are heard."""
    return Queue(weight.value, exchange=_NO_EXCHANGE, routing_key=weight.value)


def direct_queue(node: str) -> Queue:
    """Return the queue on which one node is reached; it goes away when the node has."""
    name = f"node.{node}"
    return Queue(name, exchange=_NO_EXCHANGE, routing_key=name, expires=DIRECT_QUEUE_EXPIRES_SECONDS)


def make_app(broker: Broker) -> Celery:
    """Return an application on a broker. It knows no task: a node registers its own."""
    app = Celery("taskqueue", set_as_current=False, amqp=Amqp)
    app.conf.update(
        broker_url=broker.url,
        broker_transport_options=dict(broker.options),
        broker_connection_retry=True,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_channel_error_retry=True,
        accept_content=["json"],
        task_serializer="json",
        task_ignore_result=True,
        task_queues=[ring_queue(weight) for weight in Weight],
        task_default_queue=Weight.SHORT.value,
        task_default_exchange="",
        task_create_missing_queues=False,
        task_acks_late=True,
        task_acks_on_failure_or_timeout=True,
        task_reject_on_worker_lost=True,
        task_time_limit=HARD_LIMIT_SECONDS,
        worker_prefetch_multiplier=1,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        worker_enable_remote_control=False,
        worker_send_task_events=False,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        worker_proc_alive_timeout=PROCESS_START_SECONDS,
        worker_lost_wait=LOST_SECONDS,
    )
    return app
