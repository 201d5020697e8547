"""The command `tp`: one module for each command or group of commands."""

from __future__ import annotations

import sys

import typer
from pydantic import ValidationError

from api.bootstrap import Misconfigured
from api.cli import documents, indexes, schema, serve, settings, tenants, token, up
from api.cli.demo import command as demo
from api.cli.failure import Failure, sentence
from api.graphql.trusted import UntrustedDocuments
from store.errors import StoreError
from tenants.errors import TenantError
from tp.errors import TestPlatformError
from trust.keys import KeyRingInvalid

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.command("up")(up.up)
app.command("demo")(demo.demo)
app.command("serve")(serve.serve)
app.command("settings")(settings.settings)
app.command("schema")(schema.schema)
app.command("documents")(documents.documents)
app.command("indexes")(indexes.indexes)
app.command("token")(token.token)
app.add_typer(tenants.app, name="tenants")

EXPECTED = (
    Failure,
    Misconfigured,
    KeyRingInvalid,
    UntrustedDocuments,
    TenantError,
    TestPlatformError,
    StoreError,
    ValidationError,
    OSError,
)


@app.callback()
def tp() -> None:
    """Serve and administer the Test Platform."""


def main() -> None:
    """Run the command line; what can be foreseen is told in one line."""
    try:
        app()
    except EXPECTED as error:
        print(f"tp: {sentence(error)}", file=sys.stderr)  # noqa: T201
        sys.exit(1)
