"""`tp token`: what another service asks this one with."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from api.asgi import utc_now
from api.bootstrap import service_tokens
from api.cli.failure import Failure
from api.rest.access import Scope
from api.settings import Settings


def token(
    service: Annotated[str, typer.Option(help="Who will ask with it.")],
    scope: Annotated[list[Scope], typer.Option(help="What it may do; give it once for each.")],
    tenant: Annotated[list[str], typer.Option(help="Whom it may ask for, once for each; `*` for all.")],
    days: Annotated[int, typer.Option(min=1, max=3650, help="How long it is good for.")] = 365,
) -> None:
    """Print a service token."""
    tokens = service_tokens(Settings())
    if tokens is None:
        raise Failure("set TP_SERVICE_KEYS: in production every process must sign with the same keys")
    scopes = [each.value for each in scope]
    typer.echo(tokens.issue(service, scopes, tenant, now=utc_now(), lifetime=timedelta(days=days)))
