"""The `index.yaml` that Cloud Datastore needs for the declared composites."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from store.kinds import Kinds
from store.port import KEY, Kind


def index_yaml(kinds: Sequence[Kind]) -> str:
    """Return the text of `index.yaml`.

    A composite serves both directions of its last property, and Datastore keeps an index for each. One that ends
    in the key exists for the descending order only: the ascending one needs no composite.
    """
    entries = [
        _entry(kind.name, composite, descending)
        for kind in sorted(Kinds(kinds), key=lambda kind: kind.name)
        for composite in sorted(kind.composites)
        for descending in _directions(composite)
    ]
    return "indexes:" + ("\n" + "\n".join(entries) if entries else " []") + "\n"


def _directions(composite: tuple[str, ...]) -> Iterable[bool]:
    return (True,) if composite[-1] == KEY else (False, True)


def _entry(kind: str, composite: tuple[str, ...], descending: bool) -> str:
    lines = [f"- kind: {json.dumps(kind)}", "  properties:"]
    lines += [f"  - name: {json.dumps(name)}" for name in composite]
    if descending:
        lines.append("    direction: desc")
    return "\n".join(lines)
