"""`tp serve`: the server."""

from __future__ import annotations

import os
from typing import Annotated

import typer
import uvicorn

from api.bootstrap import key_ring
from api.settings import Settings
from asgi.logs import configure_logging

APPLICATION = "api.bootstrap:server"
KEEP_ALIVE_SECONDS = 75


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on; TP_HOST.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; TP_PORT.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Server processes; TP_WORKERS.")] = None,
) -> None:
    """Serve GraphQL over HTTP until interrupted."""
    settings = Settings()
    configure_logging(settings.log_format_used, settings.log_level)
    key_ring(settings)  # so that a missing or broken key is told once, here, and not by each process
    windows = os.name == "nt"
    uvicorn.run(
        APPLICATION,
        factory=True,
        host=host or settings.host,
        port=settings.port if port is None else port,
        workers=workers or settings.workers,
        loop="asyncio" if windows else "uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=settings.shutdown_grace,
    )
