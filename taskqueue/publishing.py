"""Publishing from a thread of its own: who asks for it waits for nothing and hears of no broker's trouble."""

from __future__ import annotations

import threading
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import Any

import structlog
from celery import Celery
from kombu import Connection, Queue

CAPACITY = 20_000
"""Messages that wait to be sent; beyond it the oldest are dropped."""
PAUSE_SECONDS = 0.5
"""Between two attempts at a broker that is away."""
TELL_SECONDS = 30.0
"""The log hears of a broker that stays away once in so long."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Message:
    """A Celery task to be sent. `expires`: after so many seconds it is of no use."""

    task: str
    args: tuple[Any, ...]
    queue: Queue
    expires: float | None = None


class Publisher:
    """Sends in the order of asking; drops while the broker is away. Not to be taken over a fork."""

    def __init__(self, app: Celery, capacity: int = CAPACITY) -> None:
        self._app = app
        self._waiting: deque[Message] = deque(maxlen=capacity)
        self._wake = threading.Event()
        self._closing = threading.Event()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._told_at: float | None = None
        self._dropped = 0

    def send(self, message: Message) -> None:
        """Have a message sent soon. Never blocks, never raises."""
        self._waiting.append(message)
        self._wake.set()
        if self._thread is None:
            self._start()

    def close(self, seconds: float = 2.0) -> None:
        """Send what waits, if that can be done in time, and end the thread. Idempotent."""
        self._closing.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(seconds)

    def _start(self) -> None:
        with self._starting:
            if self._thread is None and not self._closing.is_set():
                self._thread = threading.Thread(target=self._run, name="taskqueue-publisher", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while not (self._closing.is_set() and not self._waiting):
            self._wake.wait()
            try:
                with self._app.connection_for_write() as connection:
                    self._send_until_closed(connection)
            except Exception as error:
                # Whatever a broker's client raises: this thread has to outlive all of it.
                self._drop(error)
                self._closing.wait(PAUSE_SECONDS)

    def _send_until_closed(self, connection: Connection) -> None:
        connection.connect()  # without it the producer would try again for ever
        producer = self._app.amqp.Producer(connection.channel(), auto_declare=False)
        while True:
            self._wake.wait()
            self._wake.clear()
            while self._waiting:
                self._send(producer, self._waiting.popleft())
            if self._closing.is_set():
                return

    def _send(self, producer: Any, message: Message) -> None:
        self._app.send_task(
            message.task,
            message.args,
            queue=message.queue,
            expires=message.expires,
            producer=producer,
            retry=False,
            ignore_result=True,
        )

    def _drop(self, error: Exception) -> None:
        self._dropped += 1 + len(self._waiting)
        self._waiting.clear()
        if not self._closing.is_set():
            self._wake.clear()
        now = monotonic()
        if self._told_at is None or now - self._told_at >= TELL_SECONDS:
            log.warning("broker_unreachable", dropped=self._dropped, error=str(error))
            self._told_at, self._dropped = now, 0


class Counter:
    """Counts the messages that wait in a broker."""

    def __init__(self, app: Celery) -> None:
        self._app = app
        self._lock = threading.Lock()
        self._connection: Connection | None = None
        self._channel: Any = None

    def waiting(self, queue: Queue) -> int | None:
        """Return how many messages no worker has taken yet; `None` when the broker does not answer in time."""
        with self._lock:
            try:
                if self._connection is None:
                    self._connection = self._app.connection_for_read()
                    self._connection.connect()
                    self._channel = self._connection.channel()
                return int(queue.bind(self._channel).queue_declare().message_count)
            except Exception:  # as above: the count is a hint, and never worth a failure
                self._forget()
                return None

    def close(self) -> None:
        with self._lock:
            self._forget()

    def _forget(self) -> None:
        if self._connection is not None:
            with suppress(Exception):
                self._connection.release()
            self._connection = None
