"""Processes tell each other of sittings through a Redis: what is posted, who watches, who was seen.

Nothing depends on a message for being right. A notice that was not rung for is found within the seconds that every
process looks by itself, and an attempt that nobody told of by the next scan of whoever watches.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

import orjson
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from tp.services.invigilation.attendance import Attendance, Attended
from tp.services.invigilation.telling import Told, hear, told
from tp.services.invigilation.watch import WatchService
from tp.services.sitting.board import NoticeBoard

_log = structlog.stdlib.get_logger("tp.exchange")

CHANNEL = "tp:sittings"
TELL_SECONDS = 1.0
RENEWED_SECONDS = 5.0
REST_SECONDS = 1.0
"""How long a Redis that could not be reached is left alone."""
CONNECT_SECONDS = 2.0
CHUNK = 1_000
"""Sightings in one message: some fifty kilobytes."""
LISTEN_SECONDS = 2.0
ANSWER_SECONDS = 5.0

Name = tuple[str, str]


class RedisExchange:
    """`process` names this one, whose own messages come back to it."""

    def __init__(
        self, url: str, attendance: Attendance, watching: WatchService, board: NoticeBoard, process: str
    ) -> None:
        self._url = url
        self._attendance = attendance
        self._watching = watching
        self._board = board
        self._process = process
        self._rings: set[Name] = set()
        self._rung = asyncio.Event()
        self._renewed: dict[Name, float] = {}
        self.connected = False

    def ring(self, namespace: str, test_id: str) -> None:
        """Tell the others at once that a notice was posted."""
        self._rings.add((namespace, test_id))
        self._rung.set()

    async def __call__(self) -> None:
        """Listen and tell until cancelled; a Redis that is away is tried again every second."""
        while True:
            client = Redis.from_url(
                self._url, socket_connect_timeout=CONNECT_SECONDS, socket_timeout=ANSWER_SECONDS
            )
            try:
                async with client.pubsub(ignore_subscribe_messages=True) as channel:
                    await channel.subscribe(CHANNEL)
                    self._is_connected()
                    async with asyncio.TaskGroup() as both:
                        both.create_task(self._listen(channel))
                        both.create_task(self._tell_all(client))
            except* (RedisError, OSError) as failures:
                if self.connected:
                    _log.warning("the Redis of sittings is away", reason=str(failures.exceptions[0]))
                self.connected = False
            finally:
                await client.aclose()
            await asyncio.sleep(REST_SECONDS)

    def _is_connected(self) -> None:
        self.connected = True
        self._renewed.clear()  # whoever was away has missed who watches
        _log.info("told of sittings by Redis")

    async def _listen(self, channel: Any) -> None:
        while True:
            message = await channel.get_message(timeout=LISTEN_SECONDS)
            if message is not None:
                heard = orjson.loads(message["data"])
                if heard["from"] != self._process:
                    await self._hear(heard)

    async def _hear(self, heard: dict[str, Any]) -> None:
        namespace, test_id = heard["namespace"], heard["test"]
        if heard["kind"] == "rung":
            await self._board.rung(namespace, test_id)
        attended = self._attendance.known(namespace, test_id)
        if attended is None:
            return
        if heard["kind"] == "watch":
            attended.heard_watching(anew=heard["anew"])
        elif heard["kind"] == "told":
            hear(attended, Told.model_validate(heard["told"]))

    async def _tell_all(self, client: Redis) -> None:
        while True:
            try:
                async with asyncio.timeout(TELL_SECONDS):
                    await self._rung.wait()
            except TimeoutError:
                await self._tell_what_was_seen(client)
            self._rung.clear()
            rings, self._rings = self._rings, set()
            for namespace, test_id in rings:
                await self._publish(client, "rung", namespace, test_id)

    async def _tell_what_was_seen(self, client: Redis) -> None:
        now, watched = time.monotonic(), self._watching.watched()
        names = {(each.store.name, each.test_id) for each in watched}
        self._renewed = {name: at for name, at in self._renewed.items() if name in names}
        for name in names:
            renewed = self._renewed.get(name)
            if renewed is None or now - renewed > RENEWED_SECONDS:
                self._renewed[name] = now
                await self._publish(client, "watch", *name, anew=renewed is None)
        for each in self._attendance.tests():
            if each.watched_elsewhere:
                await self._tell(client, each)

    async def _tell(self, client: Redis, each: Attended) -> None:
        sightings, changed = each.take()
        for start in range(0, max(len(sightings), len(changed)), CHUNK):
            said = told(sightings[start : start + CHUNK], changed[start : start + CHUNK])
            await self._publish(
                client,
                "told",
                each.store.name,
                each.test_id,
                told=said.model_dump(mode="json", exclude_defaults=True),
            )

    async def _publish(self, client: Redis, kind: str, namespace: str, test_id: str, **rest: Any) -> None:
        message = {"from": self._process, "kind": kind, "namespace": namespace, "test": test_id, **rest}
        await client.publish(CHANNEL, orjson.dumps(message))
