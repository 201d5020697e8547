"""`tp schema`: the GraphQL contract as text, and whether the committed snapshot still is that text."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Annotated

import typer
from graphql import print_schema

import schema as schema_package
from api.bootstrap import SCHEMA
from api.cli.failure import Failure

SNAPSHOT = Path(schema_package.__path__[0]) / "schema.graphql"


def schema(
    check: Annotated[bool, typer.Option("--check", help="Compare with the committed snapshot.")] = False,
) -> None:
    """Print the GraphQL schema."""
    text = print_schema(SCHEMA) + "\n"
    if not check:
        typer.echo(text, nl=False)
        return
    if not SNAPSHOT.exists():
        raise Failure("there is no schema/schema.graphql; write it with `tp schema > schema/schema.graphql`")
    drift = list(
        difflib.unified_diff(SNAPSHOT.read_text("utf-8").splitlines(), text.splitlines(), lineterm="", n=0)
    )
    if drift:
        typer.echo("\n".join(drift))
        raise Failure("schema/schema.graphql is not the schema; run `tp schema > schema/schema.graphql`")
    typer.echo("schema/schema.graphql is up to date")
