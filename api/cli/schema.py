"""`tp schema`: the GraphQL contract as text, and whether the committed snapshot still is that text."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from graphql import print_schema

import schema as schema_package
from api.bootstrap import SCHEMA
from api.cli.snapshot import show

SNAPSHOT = Path(schema_package.__path__[0]) / "schema.graphql"


def schema(
    check: Annotated[bool, typer.Option("--check", help="Compare with the committed snapshot.")] = False,
) -> None:
    """Print the GraphQL schema."""
    show(print_schema(SCHEMA) + "\n", SNAPSHOT, "tp schema", check)
