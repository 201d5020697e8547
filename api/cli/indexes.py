"""`tp indexes`: the composite indexes that Cloud Datastore must have, and whether the committed file has them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import api
from analysis import tables as analysis
from api.bootstrap import KINDS
from api.cli.snapshot import show
from store.indexes import index_yaml
from taskqueue import tables as taskqueue

COMMITTED = Path(api.__path__[0]).parent / "deploy" / "index.yaml"


def indexes(
    check: Annotated[bool, typer.Option("--check", help="Compare with deploy/index.yaml.")] = False,
) -> None:
    """Print index.yaml, of all services, for `gcloud datastore indexes create`."""
    show(index_yaml((*KINDS, *taskqueue.KINDS, *analysis.KINDS)), COMMITTED, "tp indexes", check)
