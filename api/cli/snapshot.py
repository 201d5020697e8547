"""Texts that are made from the code and committed beside it: printed, or compared with what is committed."""

from __future__ import annotations

import difflib
from pathlib import Path

import typer

from api.cli.failure import Failure


def show(text: str, committed: Path, command: str, check: bool) -> None:
    """Print `text`; or, to check, tell where the committed file differs from it. Raises Failure when it does."""
    if not check:
        typer.echo(text, nl=False)
        return
    name = "/".join(committed.parts[-2:])
    if not committed.exists():
        raise Failure(f"there is no {name}; write it with `{command} > {name}`")
    drift = list(
        difflib.unified_diff(committed.read_text("utf-8").splitlines(), text.splitlines(), lineterm="", n=0)
    )
    if drift:
        typer.echo("\n".join(drift))
        raise Failure(f"{name} is not what the code says; run `{command} > {name}`")
    typer.echo(f"{name} is up to date")
