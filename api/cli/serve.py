"""`tp serve`: the server."""

from __future__ import annotations

from typing import Annotated

import typer

from api.bootstrap import check_documents, key_ring, trusted_documents
from api.settings import Settings
from asgi import serving
from asgi.logs import configure_logging

APPLICATION = "api.bootstrap:server"


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on; TP_HOST.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; TP_PORT.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Server processes; TP_WORKERS.")] = None,
) -> None:
    """Serve GraphQL over HTTP until interrupted."""
    settings = Settings()
    configure_logging(settings.log_format_used, settings.log_level)
    # What is missing or broken is told once, here, and not by each process.
    key_ring(settings)
    check_documents(trusted_documents(settings), settings)
    serving.serve(APPLICATION, settings, host, port, workers, sockets=True)
