"""`tp documents`: the trusted documents of a frontend as the file that `TP_TRUSTED_DOCUMENTS` names."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import orjson
import typer

from api.bootstrap import check_documents
from api.graphql.trusted import TrustedDocuments
from api.settings import Settings


def documents(
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="Where the `*.graphql` files are.")],
) -> None:
    """Print a folder's GraphQL documents by their SHA-256, as JSON; each is checked against the schema."""
    trusted = TrustedDocuments.read_folder(folder)
    check_documents(trusted, Settings())
    written = orjson.dumps(trusted.texts, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)
    typer.echo(written.decode())
