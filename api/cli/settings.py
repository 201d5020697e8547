"""`tp settings`: what can be set, and what is in force."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any

import typer
from pydantic import SecretStr
from pydantic.fields import FieldInfo
from rich.console import Console
from rich.table import Table

from api.settings import Settings

HIDDEN = "(hidden)"


@dataclass(frozen=True, slots=True)
class Row:
    """One setting: the variable that sets it, its default, its value in force, and what it is for."""

    variable: str
    default: str
    value: str
    about: str


def settings(
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the table of the documentation.")] = False,
) -> None:
    """Print every setting with its default and the value in force."""
    rows = setting_rows(Settings())
    if markdown:
        typer.echo(markdown_table(rows))
        return
    table = Table("Variable", "In force", "Default", "About")
    for row in rows:
        table.add_row(row.variable, row.value, row.default, row.about)
    Console().print(table)


def setting_rows(in_force: Settings) -> list[Row]:
    """Return a row for each setting, in the order in which they are declared."""
    return [
        Row(
            _variable(name, field), _shown(field.default), _shown(getattr(in_force, name)), field.description or ""
        )
        for name, field in Settings.model_fields.items()
    ]


def markdown_table(rows: list[Row]) -> str:
    """Return the table of variables, defaults and meanings that the documentation holds."""
    lines = ["| Variable | Default | About |", "|---|---|---|"]
    lines += [f"| `{row.variable}` | {f'`{row.default}`' if row.default else ''} | {row.about} |" for row in rows]
    return "\n".join(lines)


def _variable(name: str, field: FieldInfo) -> str:
    aliases = getattr(field.validation_alias, "choices", [])
    return next((alias for alias in aliases if str(alias).isupper()), f"TP_{name.upper()}")


def _shown(value: Any) -> str:
    if value is None or value == ():
        return ""
    if isinstance(value, SecretStr):
        return HIDDEN
    if isinstance(value, tuple):
        return ",".join(map(_shown, value))
    return str(value.value if isinstance(value, Enum) else value)
