"""The command `taskqueue`."""

from __future__ import annotations

import sys
from datetime import timedelta
from typing import Annotated

import typer
from pydantic import ValidationError

from asgi import serving
from asgi.logs import configure_logging
from store.errors import StoreError
from taskqueue.bootstrap import Misconfigured, plugins, service_tokens
from taskqueue.callback_hosts import CallbackHostInvalid
from taskqueue.errors import TaskQueueError
from taskqueue.handlers import DuplicateHandler, PluginMissing, handlers_of
from taskqueue.rest.access import Scope
from taskqueue.settings import Settings
from taskqueue.worker import cli as worker
from trust.clock import utc_now
from trust.keys import KeyRingInvalid

APPLICATION = "taskqueue.bootstrap:server"

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.command("worker")(worker.worker)
app.command("health")(worker.health)

EXPECTED = (
    Misconfigured,
    CallbackHostInvalid,
    DuplicateHandler,
    PluginMissing,
    KeyRingInvalid,
    TaskQueueError,
    StoreError,
    ValidationError,
    OSError,
)


@app.callback()
def taskqueue() -> None:
    """Take over work that is heavy or not urgent, and see that it is done."""


@app.command("serve")
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on; TASKQUEUE_HOST.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; TASKQUEUE_PORT.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Server processes; TASKQUEUE_WORKERS.")] = None,
) -> None:
    """Serve the REST interface until interrupted."""
    settings = Settings()
    configure_logging(settings.log_format_used, settings.log_level)
    handlers_of(plugins(settings))  # so that what is wrong is told once, here, and not by each process
    serving.serve(APPLICATION, settings, host, port, workers)


@app.command("token")
def token(
    service: Annotated[str, typer.Option(help="Who will ask with it.")],
    scope: Annotated[list[Scope], typer.Option(help="What it may do; give it once for each.")],
    tenant: Annotated[list[str], typer.Option(help="Whom it may ask for, once for each; `*` for all.")],
    days: Annotated[int, typer.Option(min=1, max=3650, help="How long it is good for.")] = 365,
) -> None:
    """Print a service token."""
    issued = service_tokens(Settings()).issue(
        service, [each.value for each in scope], tenant, now=utc_now(), lifetime=timedelta(days=days)
    )
    typer.echo(issued)


def main() -> None:
    """Run the command line; what can be foreseen is told in one line."""
    try:
        app()
    except EXPECTED as error:
        typer.echo(f"taskqueue: {' '.join(str(error).split())}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
