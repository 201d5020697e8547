"""The built-in handler that tells the owner of a task of its end: a signed POST, tried again as any task is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

import httpx
from pydantic import BaseModel, ConfigDict, JsonValue

from taskqueue.contract import Context, GiveUp, Handler, Plugin, TaskEnded, Weight
from taskqueue.endings import CALLBACK, CALLBACK_ATTEMPTS, CALLBACK_TIMEOUT_SECONDS
from taskqueue.posting import Admits
from trust.clock import Clock
from trust.keys import KeyRing
from trust.signatures import HEADER, sign

TIMEOUT = httpx.Timeout(10.0, connect=5.0)


class Delivery(BaseModel):
    """The payload of such a task."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str
    ended: TaskEnded


class CallbackFailed(Exception):
    """The receiver did not take the message."""


class Callbacks:
    """Delivers with one HTTP client a process."""

    def __init__(
        self, ring: KeyRing, admits: Admits, clock: Clock, transport: httpx.BaseTransport | None = None
    ) -> None:
        self._ring = ring
        self._admits = admits
        self._clock = clock
        self._transport = transport
        self._client: httpx.Client | None = None

    def plugin(self) -> Plugin:
        """Return the handler as a plugin."""
        handler = Handler(
            CALLBACK,
            Delivery,
            self.deliver,
            weight=Weight.SHORT,
            max_attempts=CALLBACK_ATTEMPTS,
            timeout_seconds=CALLBACK_TIMEOUT_SECONDS,
        )
        return Plugin([handler], self._opened)

    def deliver(self, _: Context, delivery: Delivery) -> JsonValue:
        """Send it once. Raises GiveUp where it may not go, or is not wanted any more; CallbackFailed."""
        assert self._client is not None
        if not self._admits(delivery.url):
            raise GiveUp("callbacks may not go to this address")
        body = delivery.ended.model_dump_json(by_alias=True).encode()
        headers = {"Content-Type": "application/json", HEADER: sign(self._ring, body, self._clock())}
        try:
            # The answer's body is of no interest, however long it is.
            with self._client.stream("POST", delivery.url, content=body, headers=headers) as response:
                status = response.status_code
        except httpx.HTTPError as error:
            raise CallbackFailed(f"the receiver was not reached: {type(error).__name__}") from error
        if status == HTTPStatus.GONE:
            raise GiveUp("the receiver answered that it is gone")
        if not 200 <= status < 300:
            raise CallbackFailed(f"the receiver answered {status}")
        return {"status": status}

    @contextmanager
    def _opened(self) -> Iterator[None]:
        # No redirects, which could lead anywhere, and no proxy of the environment.
        with httpx.Client(
            timeout=TIMEOUT, follow_redirects=False, trust_env=False, transport=self._transport
        ) as client:
            self._client = client
            yield
        self._client = None
