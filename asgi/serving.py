"""How every service is served: uvicorn, with what all of them have in common."""

from __future__ import annotations

import os
from typing import Protocol

import uvicorn

KEEP_ALIVE_SECONDS = 75
SOCKET_MESSAGE_BYTES = 256 * 1024
STARTED_SECONDS = 60
"""A worker process that says nothing for so long is replaced: on a busy machine one needs a while to start."""


class Served(Protocol):
    """What a service's settings say of being served."""

    @property
    def host(self) -> str: ...

    @property
    def port(self) -> int: ...

    @property
    def workers(self) -> int: ...

    @property
    def trusted_proxies(self) -> str: ...

    @property
    def shutdown_grace(self) -> int: ...


def serve(
    application: str,
    settings: Served,
    host: str | None,
    port: int | None,
    workers: int | None,
    *,
    sockets: bool = False,
) -> None:
    """Serve the application that the factory `application` makes, until interrupted; what is given wins.

    `sockets`: WebSockets too; a peer that does not answer a ping is given up.
    """
    windows = os.name == "nt"
    uvicorn.run(
        application,
        factory=True,
        host=host or settings.host,
        port=settings.port if port is None else port,
        workers=workers or settings.workers,
        loop="asyncio" if windows else "uvloop",
        http="httptools",
        ws="websockets-sansio" if sockets else "none",
        ws_max_size=SOCKET_MESSAGE_BYTES,
        ws_per_message_deflate=False,
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_worker_healthcheck=STARTED_SECONDS,
        timeout_graceful_shutdown=settings.shutdown_grace,
    )
